-- A request that was made by a phone and not by a token: whether there is a waybill of that phone is
-- looked up after the answer, also when another code is asked for, so that no answer waits for it.
alter table subject_request add column by_phone boolean not null default false;
