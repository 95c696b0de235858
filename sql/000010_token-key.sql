-- Which of the tenant's token keys a token was made with. Keys are numbered in the key store; every
-- token of before was made with the first.

alter table shell add column token_key integer not null default 1;
alter table shell add constraint shell_token_key_range check (token_key >= 1);
