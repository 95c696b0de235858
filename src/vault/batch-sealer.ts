/**
 * The part of sealing that costs time and needs no database: masks, keys, envelopes, tags, tokens
 * for one batch. It runs in a worker thread beside the one that talks to the database, so what goes
 * in and out can be cloned, and the envelopes come back in one transferable buffer.
 */
import { fingerprintTag, phoneTag } from "../crypto/blind-index.ts";
import { sealPart, waybillIdOf } from "../crypto/envelope.ts";
import type { EnvelopeHeader } from "../crypto/envelope.ts";
import { LeafWalker } from "../crypto/key-tree.ts";
import type { Cover } from "../crypto/key-tree.ts";
import { NONCE_BYTES, suiteOf } from "../crypto/suites.ts";
import type { Suite } from "../crypto/suites.ts";
import { encodeToken, TOKEN_RANDOM_BYTES } from "../crypto/token.ts";
import type { TokenKey } from "../crypto/token.ts";
import { laneOf } from "../keystore/slot-allocator.ts";
import type { Order } from "../orders/order.ts";
import { resolveDivision } from "../privacy/gazetteer.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import { isExternal, shownOf } from "../privacy/external.ts";
import type { Recipient } from "../privacy/external.ts";
import { readParty } from "../privacy/party.ts";
import type { MaskedParty } from "../privacy/plain.ts";
import { profileOf } from "../privacy/mask-profile.ts";
import { Memory, ProfileMasks } from "./profile-masks.ts";
import { indexedRecipient } from "./recipient-index.ts";
import { encodeParties, encodeView, schemaOf } from "./view.ts";
import type { Origin } from "./view.ts";

/** A key of blind indexes with the number of bits that its tags keep. */
export interface TagKey {
  readonly key: Uint8Array;
  readonly bits: number;
}

/** A compartment as the sealing side sees it. */
export interface SealingCompartment {
  readonly serial: number;
  readonly suite: number;
  readonly generation: number;
  readonly cover: Cover;
  readonly phoneKey: TagKey;
  readonly fingerprintKey: TagKey;
}

export interface SealerSettings {
  /** 16 bytes. */
  readonly tenant: Uint8Array;
  /** Suite of the tenant's tokens and indexes. */
  readonly suite: number;
}

export interface PlacedOrder {
  readonly order: Order;
  /** Name of the profile that it is masked with. */
  readonly profile: string;
  /** The waybill that it is sealed out of, where there is one. */
  readonly origin: Origin | null;
  readonly serial: number;
  readonly slot: number;
}

/** One sealed batch, in the order of its orders. */
export interface SealedBatch {
  /** For each order its parties envelope, then its view envelope, without gaps. */
  readonly envelopes: Uint8Array;
  /** Lengths of the two envelopes of each order. */
  readonly lengths: Uint32Array;
  /** For each order: phone tag, fingerprint tag, division code. */
  readonly numbers: Int32Array;
  /** 1 where there is a phone tag. */
  readonly hasPhone: Uint8Array;
  /** Seven random bytes for each order. */
  readonly randoms: Uint8Array;
  readonly tokens: readonly string[];
  readonly recipients: readonly MaskedParty[];
}

interface Keyed {
  readonly compartment: SealingCompartment;
  readonly suite: Suite;
  readonly walkers: (LeafWalker | undefined)[];
}

const NUMBERS_PER_ORDER = 3;
const RANDOM_PER_ORDER = TOKEN_RANDOM_BYTES + 2 * NONCE_BYTES;

export interface Division {
  readonly code: number;
  /** City and district. */
  readonly destination: string;
}

/** The recipient's division, for shell and label. An address without one has code 0. */
export function divisionOf(address: string, gazetteer: Gazetteer): Division {
  const found = resolveDivision(address, gazetteer);
  if (found === null) return { code: 0, destination: "" };
  const destination = [found.city === "" ? found.prov : found.city, found.district]
    .join(" ")
    .trim();
  return { code: Number(found.code.padEnd(6, "0")), destination };
}

export class BatchSealer {
  readonly #settings: SealerSettings;
  readonly #gazetteer: Gazetteer;
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #compartments = new Map<number, Keyed>();
  readonly #masks = new Map<string, ProfileMasks>();
  readonly #heads = new Memory<Division>();

  constructor(
    settings: SealerSettings,
    gazetteer: Gazetteer,
    randomBytes: (count: number) => Uint8Array,
  ) {
    this.#settings = settings;
    this.#gazetteer = gazetteer;
    this.#randomBytes = randomBytes;
  }

  /** Makes a compartment known; must come before the first order that is placed in it. */
  addCompartment(compartment: SealingCompartment): void {
    this.#compartments.set(compartment.serial, {
      compartment,
      suite: suiteOf(compartment.suite),
      walkers: [],
    });
  }

  /**
   * Seals `orders`, each at its own slot, with tokens under `tokenKey`. Nothing of it is stored by
   * this class.
   */
  seal(orders: readonly PlacedOrder[], tokenKey: Uint8Array): SealedBatch {
    for (const masks of this.#masks.values()) masks.beginBatch();
    const token = { suite: suiteOf(this.#settings.suite), key: tokenKey };
    const random = this.#randomBytes(orders.length * RANDOM_PER_ORDER);
    const envelopes: Buffer[] = [];
    const tokens: string[] = [];
    const recipients: MaskedParty[] = [];
    const batch = {
      lengths: new Uint32Array(orders.length * 2),
      numbers: new Int32Array(orders.length * NUMBERS_PER_ORDER),
      hasPhone: new Uint8Array(orders.length),
      randoms: new Uint8Array(orders.length * TOKEN_RANDOM_BYTES),
      tokens,
      recipients,
    };
    for (const [index, placed] of orders.entries()) {
      const at = index * RANDOM_PER_ORDER;
      const sealed = this.#sealOne(placed, token, random.subarray(at, at + RANDOM_PER_ORDER));
      envelopes.push(sealed.parties, sealed.view);
      batch.lengths.set([sealed.parties.length, sealed.view.length], index * 2);
      batch.numbers.set(
        [sealed.phoneTag ?? 0, sealed.fingerprintTag, sealed.division],
        index * NUMBERS_PER_ORDER,
      );
      batch.hasPhone[index] = sealed.phoneTag === null ? 0 : 1;
      batch.randoms.set(sealed.random, index * TOKEN_RANDOM_BYTES);
      tokens.push(sealed.token);
      recipients.push(sealed.recipient);
    }
    return { ...batch, envelopes: joined(envelopes) };
  }

  #keyed(serial: number): Keyed {
    const keyed = this.#compartments.get(serial);
    if (keyed === undefined) throw new RangeError("the compartment was not made known");
    return keyed;
  }

  #leafOf(keyed: Keyed, slot: number): Uint8Array {
    const { serial, cover } = keyed.compartment;
    const walker = (keyed.walkers[laneOf(slot)] ??= new LeafWalker(
      { suite: keyed.suite, serial },
      cover,
    ));
    return walker.key(slot);
  }

  #sealOne(placed: PlacedOrder, tokenKey: TokenKey, random: Uint8Array) {
    const { order, serial, slot } = placed;
    const keyed = this.#keyed(serial);
    const { suite, compartment } = keyed;
    const tokenRandom = random.subarray(0, TOKEN_RANDOM_BYTES);
    const masks = this.#masksOf(placed.profile);
    const { profile } = masks;
    const read = readParty(order.recipient, profile, this.#gazetteer);
    const recipient = read.masked;
    const division = this.#divisionOf(shownOf(order.recipient).address, read.divisionsEnd);
    const envelope = {
      leaf: this.#leafOf(keyed, slot),
      place: { tenant: this.#settings.tenant, waybillId: waybillIdOf(serial, slot, tokenRandom) },
    };
    const header = {
      suite,
      serial,
      slot,
      generation: compartment.generation,
      revision: 0,
      schema: schemaOf(order.recipient),
    };
    const seal = (part: EnvelopeHeader["part"], nonceAt: number, plaintext: Buffer): Buffer => {
      const nonce = random.subarray(nonceAt, nonceAt + NONCE_BYTES);
      return sealPart({ ...envelope, header: { ...header, part }, nonce }, plaintext);
    };
    const view = encodeView({
      profile: profile.name,
      rule: profile.ruleVersion,
      recipient,
      sender: order.sender === null ? null : masks.sender(order.sender),
      goods: masks.text(order.goods),
      remark: masks.text(order.remark),
      orderNumber: order.orderNumber,
      sortCode: order.sortCode,
      destination: division.destination,
      platform: isExternal(order.recipient) ? order.recipient.platform : null,
      ...(placed.origin === null ? {} : { origin: placed.origin }),
    });
    const parties = encodeParties(order);
    return {
      parties: seal("parties", TOKEN_RANDOM_BYTES, parties),
      view: seal("view", TOKEN_RANDOM_BYTES + NONCE_BYTES, view),
      ...this.#tagsOf(order.recipient, keyed),
      division: division.code,
      random: tokenRandom,
      recipient,
      token: encodeToken({ serial, slot, random: tokenRandom }, tokenKey),
    };
  }

  #tagsOf(
    recipient: Recipient,
    { compartment, suite }: Keyed,
  ): { phoneTag: number | null; fingerprintTag: number } {
    const { phoneKey, fingerprintKey } = compartment;
    const { phone, finger } = indexedRecipient(recipient);
    return {
      phoneTag:
        phone === null ? null : phoneTag({ suite, key: phoneKey.key }, phone, phoneKey.bits),
      fingerprintTag: fingerprintTag(
        { suite, key: fingerprintKey.key },
        finger,
        fingerprintKey.bits,
      ),
    };
  }

  #divisionOf(address: string, headEnd: number): Division {
    if (headEnd === 0) return divisionOf(address, this.#gazetteer);
    const head = address.slice(0, headEnd);
    const known = this.#heads.get(head, () => divisionOf(head, this.#gazetteer));
    // A head that names no county, such as a town alone, may be made clear by what follows it.
    return known.code % 100 === 0 ? divisionOf(address, this.#gazetteer) : known;
  }

  #masksOf(name: string): ProfileMasks {
    const known = this.#masks.get(name);
    if (known !== undefined) return known;
    const made = new ProfileMasks(profileOf(name), this.#gazetteer);
    this.#masks.set(name, made);
    return made;
  }
}

/** One buffer of its own, so that it can be handed to another thread without a copy. */
function joined(parts: readonly Buffer[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
