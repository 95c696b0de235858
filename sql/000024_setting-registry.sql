-- All settings are of one registry (src/rules/setting.ts), which knows their names and values; a
-- value may be a list, and a delegation says how far it goes.

alter table setting drop constraint setting_name_known;
alter table setting drop constraint setting_value_length;
alter table setting add column bound text;
alter table setting add constraint setting_name_form check (name ~ '^[a-z][a-z0-9-]{2,39}$');
alter table setting add constraint setting_value_length
  check (char_length(value) between 1 and 500);
alter table setting add constraint setting_bound_length
  check (char_length(bound) between 1 and 500);
alter table setting add constraint setting_bound_of_mode
  check (bound is null or mode = 'delegated');

alter table authorisation_request drop constraint authorisation_request_setting_known;
alter table authorisation_request drop constraint authorisation_request_wanted_length;
alter table authorisation_request add constraint authorisation_request_setting_form
  check (setting ~ '^[a-z][a-z0-9-]{2,39}$');
alter table authorisation_request add constraint authorisation_request_wanted_length
  check (char_length(wanted) between 1 and 500);
