/** Makes the world of the story: organisations, their settings of before, and all parcels. */
import { playedActor } from "../access/actor.ts";
import { foundAuthority, foundHeadquarters } from "../access/organisation.ts";
import { approveSetting } from "../access/setting-approval.ts";
import { changeSetting, decideSetting } from "../access/setting-change.ts";
import type { Vault } from "../vault/vault.ts";
import { ACCOUNTS, CARRIERS, OUTLETS, OWN_PRINTER, POSTAL, PROCURATORATE } from "./cast.ts";
import type { CarrierCast } from "./cast.ts";
import type { OrderMaker } from "./invent.ts";
import type { AuthorityStage, CarrierStage, Parcel, Sizes } from "./stage.ts";

/** The tenants of a world, in the order of its vaults. */
export const TENANTS: readonly string[] = [
  ...CARRIERS.map(({ tenant }) => tenant),
  POSTAL.tenant,
  PROCURATORATE.tenant,
];

function parcelsOf(
  cast: CarrierCast,
  maker: OrderMaker,
  range: { readonly from: number; readonly perOutlet: number },
): Parcel[] {
  const { from, perOutlet } = range;
  return Array.from({ length: perOutlet * OUTLETS.length }, (_, index) => {
    const { order, merchant } = maker.next(cast.waybillNumber(from + index), cast.name);
    return {
      order,
      outlet: Math.floor(index / perOutlet),
      ownPrinter: merchant === OWN_PRINTER,
    };
  });
}

/** Says in the name of headquarters what each outlet's old system prints. */
async function setOldProfiles(
  vault: Vault,
  carrier: Pick<CarrierStage, "cast" | "headquarters" | "outlets">,
): Promise<void> {
  const { headquarters, outlets, cast } = carrier;
  const common = { by: headquarters.id, name: "mask-profile", mode: "set" } as const;
  const request = { ...common, actor: await playedActor(vault, ACCOUNTS.headquarters) };
  // To leave the default for something looser takes two people.
  const outcome = await decideSetting(vault, {
    ...request,
    organisation: headquarters.id,
    value: "legacy-clear",
    reason: "旧系统默认明文打印(本故事虚构)",
  });
  if (!("proposed" in outcome)) throw new RangeError("printing in the clear is looser");
  const { id } = outcome.proposed.proposal;
  await approveSetting(vault, { id, actor: await playedActor(vault, ACCOUNTS.second) });
  for (const outlet of cast.maskedOutlets) {
    await changeSetting(vault, {
      ...request,
      organisation: outlets[outlet]?.id ?? "",
      value: "gb41833",
      reason: "总部试点网点先行脱敏(本故事虚构)",
    });
  }
}

async function foundCarrier(
  vault: Vault,
  cast: CarrierCast,
  made: { readonly maker: OrderMaker; readonly sizes: Sizes },
): Promise<CarrierStage> {
  const { maker, sizes } = made;
  const founded = await foundHeadquarters(vault, {
    name: `${cast.name}总部`,
    outlets: OUTLETS.map((name) => `${cast.name}${name}`),
    actor: await playedActor(vault, ACCOUNTS.headquarters),
  });
  const [headquarters, ...outlets] = founded.organisations;
  if (headquarters === undefined) throw new RangeError("a headquarters was just founded");
  const before = sizes.perOutlet * OUTLETS.length;
  const carrier: CarrierStage = {
    cast,
    vault,
    headquarters,
    outlets,
    parcels: parcelsOf(cast, maker, { from: 0, perOutlet: sizes.perOutlet }),
    nextParcels: parcelsOf(cast, maker, { from: before, perOutlet: sizes.nextPerOutlet }),
    tokens: new Map(),
  };
  await setOldProfiles(vault, carrier);
  return carrier;
}

function at(vaults: readonly Vault[], index: number): Vault {
  const vault = vaults[index];
  if (vault === undefined) throw new RangeError("a world has a vault for each of its tenants");
  return vault;
}

/** Founds the carriers with their outlets and settings, and makes their orders. */
export async function foundCarriers(
  vaults: readonly Vault[],
  made: { readonly maker: OrderMaker; readonly sizes: Sizes },
): Promise<CarrierStage[]> {
  const carriers: CarrierStage[] = [];
  for (const [index, cast] of CARRIERS.entries()) {
    carriers.push(await foundCarrier(at(vaults, index), cast, made));
  }
  return carriers;
}

/** Founds the authority of `cast`; its vault is the one of its own tenant. */
export async function foundAuthorityOf(
  vaults: readonly Vault[],
  cast: typeof POSTAL | typeof PROCURATORATE,
): Promise<AuthorityStage> {
  const vault = at(vaults, TENANTS.indexOf(cast.tenant));
  const { kind, name } = cast;
  const { organisations } = await foundAuthority(vault, {
    kind,
    name,
    actor: await playedActor(vault, ACCOUNTS.registrar),
  });
  const [organisation] = organisations;
  if (organisation === undefined) throw new RangeError("an authority was just founded");
  return { vault, organisation };
}
