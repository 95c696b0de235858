-- What is due is looked for receiver by receiver, so that one that is slow has its share and no more.
create index webhook_delivery_waiting on webhook_delivery (webhook_id, next_at)
  where state = 'waiting';
drop index webhook_delivery_due;
