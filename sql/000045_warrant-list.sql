-- What a warrant names, sealed under a key of the tenant, so that the second officer sees the list that
-- he confirms. Warrants from before have none.
alter table warrant add column list bytea;
alter table warrant add constraint warrant_list_length
  check (octet_length(list) between 30 and 40000);
