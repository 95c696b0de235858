-- What an entry of the log said last about things that are told only when they change: how the
-- clock stands, and the settings that this installation runs with. `value` is canonical JSON.
create table told_state (
  tenant_id uuid not null,
  name text not null,
  value text not null,
  constraint told_state_pkey primary key (tenant_id, name),
  constraint told_state_name_length check (char_length(name) between 1 and 64),
  constraint told_state_value_length check (char_length(value) between 1 and 8192)
);
