/**
 * A masked view under a tighter profile than the one it was sealed with: more is hidden, and
 * nothing is ever shown again. What is read here is masked already; the parties stay closed (P12),
 * and the gate reads the outcome as it reads every label (P1).
 */
import type { LabelParty } from "../label/label.ts";
import { maskAddress } from "../privacy/address.ts";
import type { Gazetteer } from "../privacy/gazetteer.ts";
import type { MaskProfile } from "../privacy/mask-profile.ts";
import { maskName } from "../privacy/name.ts";
import { maskText } from "../privacy/free-text.ts";
import type { View } from "./view.ts";

const MASK = "*";
/** A digit of any script or spelled in Chinese, as the masker leaves them. */
const SHOWN_DIGIT = /[*\p{Nd}〇○零一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖幺]/gu;

/** Digits by their place: a masked number keeps its length, so places still mean what they did. */
function tighterPhone(text: string, { phone: { keepHead, keepTail } }: MaskProfile): string {
  const count = text.match(SHOWN_DIGIT)?.length ?? 0;
  let at = 0;
  return text.replace(SHOWN_DIGIT, (sign) => {
    const place = at++;
    return place < keepHead || place >= count - keepTail ? sign : MASK;
  });
}

function tighterParty(party: LabelParty, profile: MaskProfile, gazetteer: Gazetteer): LabelParty {
  return {
    name: maskName(party.name, profile).masked,
    phone: tighterPhone(party.phone, profile),
    address: maskAddress(party.address, profile, gazetteer).masked,
  };
}

/** What of a view is printed of persons. */
export type PrintedView = Pick<View, "goods" | "remark"> & {
  readonly recipient: LabelParty;
  readonly sender: LabelParty | null;
};

export function tightened(view: View, profile: MaskProfile, gazetteer: Gazetteer): PrintedView {
  const free = (text: string): string => maskText(text, profile, gazetteer).masked;
  return {
    recipient: tighterParty(view.recipient, profile, gazetteer),
    sender: view.sender === null ? null : tighterParty(view.sender, profile, gazetteer),
    goods: free(view.goods),
    remark: free(view.remark),
  };
}
