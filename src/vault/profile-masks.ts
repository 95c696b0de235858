/** Masks of one profile for a run of sealing: what repeats by the thousand is masked once. */
import { maskText } from "../privacy/free-text.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { maskParty } from "../privacy/party.ts";
import type { MaskedParty, Party } from "../privacy/plain.ts";

/** Senders and goods repeat by the thousand; what was masked once is kept, within this bound. */
const MEMORY_MAX = 5000;

/** Values by their text, made once; all are forgotten when there are too many. */
export class Memory<T> {
  readonly #values = new Map<string, T>();

  get(key: string, make: () => T): T {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#values.size >= MEMORY_MAX) this.#values.clear();
    const made = make();
    this.#values.set(key, made);
    return made;
  }
}

export class ProfileMasks {
  readonly profile: MaskProfile;
  readonly #gazetteer: Gazetteer;
  readonly #senders = new Memory<MaskedParty>();
  /** The same for one batch, in which a sender comes as one object: quicker than by its text. */
  readonly #sendersOfBatch = new Map<Party, MaskedParty>();
  readonly #texts = new Memory<string>();

  constructor(profile: MaskProfile, gazetteer: Gazetteer) {
    this.profile = profile;
    this.#gazetteer = gazetteer;
  }

  beginBatch(): void {
    this.#sendersOfBatch.clear();
  }

  sender(sender: Party): MaskedParty {
    const seen = this.#sendersOfBatch.get(sender);
    if (seen !== undefined) return seen;
    const key = `${sender.name}\0${sender.phone}\0${sender.address}`;
    const masked = this.#senders.get(key, () => maskParty(sender, this.profile, this.#gazetteer));
    this.#sendersOfBatch.set(sender, masked);
    return masked;
  }

  /** Free text such as goods and remarks. */
  text(text: string): string {
    if (text === "") return "";
    return this.#texts.get(text, () => maskText(text, this.profile, this.#gazetteer).masked);
  }
}
