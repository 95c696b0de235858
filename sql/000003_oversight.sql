-- Oversight: spot checks (抽查), public-interest cases (公益诉讼案件), deputies' suggestions (代表建议).
--
-- Nothing here holds a person: a parcel is a keyed reference, staff are pseudonyms (st-…), and what
-- an inspector read on a label is judged and thrown away.

create table campaign (
  id uuid not null,
  authority uuid not null,
  opened_at timestamp with time zone not null,
  name text not null,
  seed text not null,
  level text not null,
  plan jsonb not null,
  entry bytea not null,
  constraint campaign_pkey primary key (id),
  constraint campaign_authority_fkey foreign key (authority) references organisation (id),
  constraint campaign_name_length check (char_length(name) between 1 and 100),
  constraint campaign_seed_length check (char_length(seed) between 1 and 200),
  constraint campaign_level_length check (char_length(level) between 1 and 40),
  constraint campaign_entry_length check (octet_length(entry) = 16)
);

-- One row for each parcel that was drawn, in the order of the draw. `result` is null until somebody
-- has looked; `entry` and `batch_index` say where in which logged batch the look is proved.
create table sample (
  campaign_id uuid not null,
  carrier_tenant uuid not null,
  outlet uuid not null,
  looked_at timestamp with time zone,
  ordinal integer not null,
  batch_index integer,
  parcel text not null,
  result text,
  rules text[] not null default '{}',
  entry bytea,
  constraint sample_pkey primary key (campaign_id, ordinal),
  constraint sample_campaign_fkey foreign key (campaign_id) references campaign (id),
  constraint sample_outlet_fkey foreign key (outlet) references organisation (id),
  constraint sample_ordinal_range check (ordinal >= 1),
  constraint sample_parcel_length check (char_length(parcel) = 32),
  constraint sample_result_known check (result in ('compliant', 'violation')),
  constraint sample_rules_known check (rules <@ array['W1', 'W2', 'W3', 'W4']),
  constraint sample_rules_of_violation check
    ((result is not distinct from 'violation') = (cardinality(rules) > 0)),
  constraint sample_entry_length check (octet_length(entry) = 16),
  constraint sample_looked_whole check
    (num_nulls(looked_at, batch_index, result, entry) in (0, 4))
);
create unique index sample_parcel_key on sample (campaign_id, parcel);
create index sample_outlet on sample (outlet, looked_at);

create table public_interest_case (
  id uuid not null,
  procuratorate uuid not null,
  agency uuid not null,
  campaign_id uuid,
  opened_on date not null,
  number text not null,
  title text not null,
  state text not null,
  constraint public_interest_case_pkey primary key (id),
  constraint public_interest_case_procuratorate_fkey
    foreign key (procuratorate) references organisation (id),
  constraint public_interest_case_agency_fkey foreign key (agency) references organisation (id),
  constraint public_interest_case_campaign_fkey foreign key (campaign_id) references campaign (id),
  constraint public_interest_case_number_length check (char_length(number) between 1 and 60),
  constraint public_interest_case_title_length check (char_length(title) between 1 and 100),
  constraint public_interest_case_state_length check (char_length(state) between 1 and 40)
);
create unique index public_interest_case_number_key on public_interest_case (number);

create table case_event (
  case_id uuid not null,
  at_day date not null,
  ordinal integer not null,
  state text not null,
  note text not null,
  basis text not null,
  entry bytea not null,
  constraint case_event_pkey primary key (case_id, ordinal),
  constraint case_event_case_fkey foreign key (case_id) references public_interest_case (id),
  constraint case_event_ordinal_range check (ordinal >= 1),
  constraint case_event_note_length check (char_length(note) between 0 and 500),
  constraint case_event_basis_length check (char_length(basis) between 0 and 300),
  constraint case_event_entry_length check (octet_length(entry) = 16)
);

create table case_deadline (
  case_id uuid not null,
  from_day date not null,
  due_on date not null,
  met_on date,
  name text not null,
  basis text not null,
  constraint case_deadline_pkey primary key (case_id, name),
  constraint case_deadline_case_fkey foreign key (case_id) references public_interest_case (id),
  constraint case_deadline_order check (due_on >= from_day),
  constraint case_deadline_name_length check (char_length(name) between 1 and 60),
  constraint case_deadline_basis_length check (char_length(basis) between 1 and 300)
);

-- 责令改正: what the postal authority asks of each carrier, platform and merchant, and the proof.
create table correction_order (
  case_id uuid not null,
  issued_on date not null,
  due_on date not null,
  proved_on date,
  addressee text not null,
  kind text not null,
  proof text,
  constraint correction_order_pkey primary key (case_id, addressee),
  constraint correction_order_case_fkey foreign key (case_id) references public_interest_case (id),
  constraint correction_order_order check (due_on >= issued_on),
  constraint correction_order_addressee_length check (char_length(addressee) between 1 and 100),
  constraint correction_order_kind_known check (kind in ('carrier', 'platform', 'merchant')),
  constraint correction_order_proof_length check (char_length(proof) between 1 and 300),
  constraint correction_order_proved check ((proof is null) = (proved_on is null))
);

create table suggestion (
  id uuid not null,
  linked_case uuid,
  assigned_on date not null,
  due_on date not null,
  answered_on date,
  title text not null,
  deputy_role text not null,
  direction text not null,
  constraint suggestion_pkey primary key (id),
  constraint suggestion_case_fkey foreign key (linked_case) references public_interest_case (id),
  constraint suggestion_order check (due_on >= assigned_on),
  constraint suggestion_title_length check (char_length(title) between 1 and 100),
  constraint suggestion_deputy_role_length check (char_length(deputy_role) between 1 and 60),
  constraint suggestion_direction_known check (direction in ('to-case', 'from-case'))
);
create index suggestion_linked_case on suggestion (linked_case);
