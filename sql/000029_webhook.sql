-- Webhooks (事件通知): where events are told to other systems. A delivery is written in the
-- transaction of what it tells, so nothing that happened is untold, and nothing is told that did not
-- happen. Bodies hold tokens, ids, days and counts, never a person; they are kept for thirty days.

create table webhook (
  id uuid not null,
  tenant_id uuid not null,
  made_at timestamptz not null,
  rotated_at timestamptz,
  ended_at timestamptz,
  url text not null,
  events text[] not null,
  actor text not null,
  secret bytea not null,
  earlier_secret bytea,
  constraint webhook_pkey primary key (id),
  constraint webhook_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint webhook_url_length check (char_length(url) between 8 and 500),
  constraint webhook_events_count check (cardinality(events) between 1 and 50)
);
create index webhook_tenant on webhook (tenant_id) where ended_at is null;

create table webhook_delivery (
  id uuid not null,
  webhook_id uuid not null,
  made_at timestamptz not null,
  next_at timestamptz,
  ended_at timestamptz,
  attempts integer not null,
  status integer,
  state text not null,
  event text not null,
  failure text,
  body text not null,
  constraint webhook_delivery_pkey primary key (id),
  constraint webhook_delivery_webhook_fkey foreign key (webhook_id) references webhook (id),
  constraint webhook_delivery_state_known check (state in ('waiting', 'delivered', 'dead')),
  constraint webhook_delivery_state_next check ((state = 'waiting') = (next_at is not null)),
  constraint webhook_delivery_body_length check (octet_length(body) <= 16384)
);
create index webhook_delivery_due on webhook_delivery (next_at) where state = 'waiting';
create index webhook_delivery_webhook on webhook_delivery (webhook_id, made_at);
create index webhook_delivery_made on webhook_delivery (made_at);
