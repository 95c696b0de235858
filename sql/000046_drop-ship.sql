-- Drop shipping (一件代发): which supplier may print the label of which waybill, how often, on what
-- paper and until when. No personal data: a place, an organisation, a pseudonym and days.

create table drop_ship (
  tenant_id uuid not null,
  supplier_id uuid not null,
  compartment bigint not null,
  shell_week date not null,
  until_day date not null,
  given_at timestamptz not null,
  withdrawn_at timestamptz,
  slot integer not null,
  prints smallint not null default 0,
  prints_max smallint not null,
  given_by text not null,
  label_size text not null,
  -- One supplier packs a parcel.
  constraint drop_ship_pkey primary key (compartment, slot),
  constraint drop_ship_tenant_fkey foreign key (tenant_id) references tenant (id),
  constraint drop_ship_supplier_fkey foreign key (supplier_id) references organisation (id),
  constraint drop_ship_slot_range check (slot between 0 and 131071),
  constraint drop_ship_prints_range check (prints between 0 and prints_max),
  constraint drop_ship_prints_max_range check (prints_max between 1 and 10)
);
create index drop_ship_of_week on drop_ship (shell_week);
create index drop_ship_of_supplier on drop_ship (supplier_id, given_at);

-- Whoever sends a parcel says that it is packed, and that it is handed in.
alter table shell
  drop constraint shell_parcel_state_known,
  add constraint shell_parcel_state_known check
    (parcel_state in ('packed', 'handed-in', 'arrived', 'delivered', 'returned', 'closed', 'void',
                      'undelivered'));
