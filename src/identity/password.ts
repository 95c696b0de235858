/**
 * Passwords: Argon2id (RFC 9106) under a key of the tenant, so that a copy of the database alone is
 * nothing to guess against.
 */
import { argon2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Desk } from "../access/desk.ts";
import { prfMessage } from "../crypto/prf.ts";
import { suiteOf } from "../crypto/suites.ts";
import { passwordText } from "../rules/password.ts";

interface Cost {
  /** In KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** The second recommended option of RFC 9106 section 4. */
const COST: Cost = { memory: 65_536, passes: 3, parallelism: 4 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const STORED = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

const derive = promisify(argon2);

/** Each derivation takes 64 MiB, so that a crowd at the door must not take all there is. */
const AT_ONCE_MAX = 4;
let running = 0;
const waiting: (() => void)[] = [];

async function takeTurn(): Promise<void> {
  if (running < AT_ONCE_MAX) {
    running += 1;
    return;
  }
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
  });
}

function endTurn(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next();
}

async function pepperOf(desk: Desk): Promise<Uint8Array> {
  const { pseudonym } = await desk.keys.tenantKeys(desk.tenant.id);
  const suite = suiteOf(desk.tenant.suite);
  return prfMessage(suite, pseudonym, { label: "midan.pepper", message: desk.tenant.id });
}

async function tagOf(
  desk: Desk,
  password: string,
  by: { readonly cost: Cost; readonly salt: Uint8Array },
): Promise<Buffer> {
  const secret = await pepperOf(desk);
  const message = passwordText(password);
  await takeTurn();
  try {
    const given = { message, nonce: by.salt, tagLength: TAG_BYTES, secret, ...by.cost };
    return await derive("argon2id", given);
  } finally {
    endTurn();
  }
}

/** What the database keeps of a password: the PHC string of Argon2id. */
export async function hashPassword(desk: Desk, password: string): Promise<string> {
  const salt = Buffer.from(desk.randomBytes(SALT_BYTES));
  const tag = await tagOf(desk, password, { cost: COST, salt });
  const { memory, passes, parallelism } = COST;
  const cost = `m=${memory},t=${passes},p=${parallelism}`;
  return `$argon2id$v=19$${cost}$${salt.toString("base64url")}$${tag.toString("base64url")}`;
}

/**
 * Whether `password` is the one that `stored` was made of. Takes as long when nothing is stored, so
 * that the time does not say whether there is such an account.
 */
export async function isPassword(
  desk: Desk,
  password: string,
  stored: string | null,
): Promise<boolean> {
  const [whole, memory, passes, parallelism, salt = "", tag = ""] = STORED.exec(stored ?? "") ?? [];
  if (whole === undefined) {
    await tagOf(desk, password, { cost: COST, salt: new Uint8Array(SALT_BYTES) });
    return false;
  }
  const cost = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  };
  const made = await tagOf(desk, password, { cost, salt: Buffer.from(salt, "base64url") });
  return timingSafeEqual(made, Buffer.from(tag, "base64url"));
}
