-- Which waybills were erased is asked whenever an installation opens: a key store that still has the
-- key of one of them is an older copy. They are few among many.

create index shell_erased on shell (compartment, slot) where state = 'erased';
