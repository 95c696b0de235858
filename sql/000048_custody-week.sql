-- Custody goes with the shells of its week (P8): until now it never went. What stands there of weeks
-- whose shells are gone goes now.
delete from custody
  where to_regclass('shell_w' || to_char(shell_week, 'YYYYMMDD')) is null;
create index custody_of_week on custody (shell_week);
