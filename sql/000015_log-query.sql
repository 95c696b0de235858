-- By what the log is asked: the branch from which somebody acted, a purpose, a span of time.

create index log_entry_organisation on log_entry (tenant, organisation, log_index) where organisation is not null;
create index log_entry_purpose on log_entry (tenant, purpose, log_index) where purpose is not null;
create index log_entry_at on log_entry using brin (at);
