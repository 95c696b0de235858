-- What the log tells of copies of the key store, found by a restoration without a look through all
-- entries.
create index audit_leaf_copies on audit_leaf (position)
  where type in ('keys-copied', 'copy-discarded');
