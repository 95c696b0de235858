-- An outlet asks for one value, or that the decision be left to it as far as that value.
alter table authorisation_request add column mode text not null default 'set';
alter table authorisation_request add constraint authorisation_request_mode_known
  check (mode in ('set', 'delegated'));
