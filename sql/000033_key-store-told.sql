-- What the log tells of the key store, found at each opening without a look through all entries.
create index audit_leaf_key_store on audit_leaf (position)
  where type in ('signing-key-changed', 'keys-restored');
