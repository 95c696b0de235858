-- What runs on a clock, and what the clock is held against.

-- The newest moment at which the clock was consistent with itself. One row: a clock that jumped
-- does not move it, so nothing is destroyed by it until somebody answers for the clock.
create table clock_mark (
  marked_at timestamp with time zone not null,
  only_row boolean not null default true,
  constraint clock_mark_pkey primary key (only_row),
  constraint clock_mark_only_row check (only_row)
);

-- The last run of each job.
create table job_run (
  began_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  done integer not null,
  name text not null,
  failure text,
  constraint job_run_pkey primary key (name),
  constraint job_run_name_length check (char_length(name) between 1 and 40),
  constraint job_run_failure_length check (char_length(failure) between 1 and 60)
);
