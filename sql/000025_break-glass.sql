-- Break-glass (应急查看): somebody opened what no rule gave to them, with a reason and evidence, for some
-- minutes; and what the privacy officer said of it. The evidence is sealed under the waybill's own key
-- and dies with it; which waybill it was is a keyed digest and its place.
create table break_glass (
  id uuid not null,
  tenant_id uuid not null,
  opened_at timestamp with time zone not null,
  until_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  compartment bigint not null,
  shell_week date not null,
  day_of_death date not null,
  slot integer not null,
  looks integer not null default 0,
  actor text not null,
  acknowledged_by text,
  finding text,
  reason text not null,
  subject bytea not null,
  evidence_sha256 bytea not null,
  evidence bytea,
  constraint break_glass_pkey primary key (id),
  constraint break_glass_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint break_glass_until check (until_at <= opened_at + interval '60 minutes'),
  constraint break_glass_slot_range check (slot between 0 and 131071),
  constraint break_glass_actor_length check (char_length(actor) between 1 and 40),
  constraint break_glass_acknowledged_by_length check (char_length(acknowledged_by) between 1 and 40),
  constraint break_glass_finding_known check (finding in ('justified', 'unjustified')),
  constraint break_glass_reason_length check (char_length(reason) between 1 and 500),
  constraint break_glass_subject_length check (octet_length(subject) = 16),
  constraint break_glass_sha256_length check (octet_length(evidence_sha256) = 32),
  constraint break_glass_evidence_length check (octet_length(evidence) between 30 and 2097200),
  constraint break_glass_acknowledged_whole
    check (num_nulls(acknowledged_at, acknowledged_by, finding) in (0, 3)),
  constraint break_glass_other check (acknowledged_by <> actor)
);
create index break_glass_open on break_glass (tenant_id, actor, subject, until_at);
create index break_glass_waiting on break_glass (tenant_id, opened_at) where acknowledged_at is null;
create index break_glass_dead on break_glass (day_of_death) where evidence is not null;
