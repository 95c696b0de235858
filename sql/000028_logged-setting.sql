-- What the log tells of settings, terms and moves is looked for at every start: a database that came
-- from an older backup lacks what was decided since.
create index audit_leaf_decided on audit_leaf (position)
  where type in ('setting-changed', 'retention-changed', 'organisation-moved');
