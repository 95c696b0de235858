/* Made of docs/openapi.json and the table of failures by `npm run gen`; do not edit. */

/** What each operation is asked with, and what it answers. */
export interface Operations {
  /** Seals one order. The same order again keeps its token (200); changed, it is refused. */
  readonly "POST /v1/waybills": { readonly body: { readonly merchant?: string; readonly orderNumber?: string; readonly waybillNumber?: string; readonly carrier?: string; readonly recipient: { readonly name?: string; readonly phone?: string; readonly province?: string; readonly city?: string; readonly district?: string; readonly town?: string; readonly address?: string }; readonly sender?: { readonly name?: string; readonly phone?: string; readonly province?: string; readonly city?: string; readonly district?: string; readonly town?: string; readonly address?: string }; readonly goods?: string; readonly remark?: string; readonly sortCode?: string }; readonly answer: { readonly token: string; readonly orderNumber: string; readonly waybillNumber: string; readonly state: "sealed" | "repeated"; readonly recipient: { readonly name: string; readonly phone: string; readonly address: string } } };
  /** Seals up to 1,000 orders; each has a result of its own, in the order of the request. */
  readonly "POST /v1/waybills/batch": { readonly body: { readonly orders: readonly ({ readonly merchant?: string; readonly orderNumber?: string; readonly waybillNumber?: string; readonly carrier?: string; readonly recipient: { readonly name?: string; readonly phone?: string; readonly province?: string; readonly city?: string; readonly district?: string; readonly town?: string; readonly address?: string }; readonly sender?: { readonly name?: string; readonly phone?: string; readonly province?: string; readonly city?: string; readonly district?: string; readonly town?: string; readonly address?: string }; readonly goods?: string; readonly remark?: string; readonly sortCode?: string })[] }; readonly answer: { readonly results: readonly ({ readonly ok: true; readonly token: string; readonly orderNumber: string; readonly waybillNumber: string; readonly state: "sealed" | "repeated"; readonly recipient: { readonly name: string; readonly phone: string; readonly address: string } } | { readonly ok: false; readonly code: string; readonly title: string; readonly field: string })[] } };
  /** Seals up to 1,000 orders as a shop platform hands them out, recipient withheld: docs/adapters.md. Each has a result of its own, in the order of the request. */
  readonly "POST /v1/waybills/platform-orders": { readonly body: { readonly platform?: "taobao" | "pinduoduo" | "douyin" | "jd" | "kuaishou" | "xiaohongshu" | "wechat-shop"; readonly merchant?: string; readonly carrier?: string; readonly sender?: { readonly name?: string; readonly phone?: string; readonly province?: string; readonly city?: string; readonly district?: string; readonly town?: string; readonly address?: string }; readonly orders: readonly (Readonly<Record<string, unknown>>)[] }; readonly answer: { readonly results: readonly ({ readonly ok: true; readonly token: string; readonly orderNumber: string; readonly waybillNumber: string; readonly state: "sealed" | "repeated"; readonly recipient: { readonly name: string; readonly phone: string; readonly address: string } } | { readonly ok: false; readonly code: string; readonly title: string; readonly field: string })[] } };
  /** The masked view. Never opens a person; with If-None-Match 304 where nothing changed. */
  readonly "GET /v1/waybills/{token}": { readonly params: { readonly token: string }; readonly answer: { readonly token: string; readonly waybillNumber: string; readonly carrier: string; readonly state: string; readonly life: string; readonly parcelState: string | null; readonly accessClosed: boolean; readonly sealedAt: string; readonly dayOfDeath: string; readonly view: { readonly recipient: { readonly name: string; readonly phone: string; readonly address: string }; readonly sender: { readonly name: string; readonly phone: string; readonly address: string } | null; readonly goods: string; readonly remark: string; readonly profile: string; readonly platform: "taobao" | "pinduoduo" | "douyin" | "jd" | "kuaishou" | "xiaohongshu" | "wechat-shop" | null } | null; readonly origin: { readonly how: "return" | "split"; readonly token: string; readonly entry: string } | null } | null };
  /** Records where the parcel stands; without `on` it stands there since today. */
  readonly "PUT /v1/waybills/{token}/state": { readonly params: { readonly token: string }; readonly body: { readonly state: "packed" | "handed-in" | "arrived" | "delivered" | "returned" | "closed" | "void" | "undelivered"; readonly on?: string }; readonly answer: { readonly token: string; readonly state: string; readonly accessClosesOn: string | null; readonly entry: string } };
  /** What the shop's platform handed out of a recipient whom it withholds, for a machine that fetches the platform's label or virtual number. An entry; never for a person. */
  readonly "POST /v1/waybills/{token}/platform-token": { readonly params: { readonly token: string }; readonly answer: { readonly platform: "taobao" | "pinduoduo" | "douyin" | "jd" | "kuaishou" | "xiaohongshu" | "wechat-shop"; readonly orderNumber: string; readonly token: string | null; readonly ciphers: { readonly name: string | null; readonly phone: string | null; readonly address: string | null }; readonly entry: string; readonly receipt: string } };
  /** Prints the masked label, once; printed before, it needs a reason. */
  readonly "POST /v1/waybills/{token}/label": { readonly params: { readonly token: string }; readonly body: { readonly format: "pdf" | "png" | "svg" | "zpl" | "tspl" | "cpcl"; readonly dpi?: 203 | 300; readonly size?: "76x130" | "100x110" | "100x150" | "100x177" | "100x180" | "100x203"; readonly ticket?: boolean; readonly reason?: "damaged" | "lost" | "misprint" | "corrected" | "repacked" | "returned" | "resumed"; readonly printer?: string }; readonly answer: Uint8Array };
  /** The parcel goes to the next branch; `entry` is null where that has it already. */
  readonly "POST /v1/waybills/{token}/hand-over": { readonly params: { readonly token: string }; readonly body: { readonly to: string }; readonly answer: { readonly token: string; readonly from: string | null; readonly to: string; readonly branch: string; readonly on: string; readonly entry: string | null } };
  /** The parcel goes elsewhere: labels printed before are void, their tickets dead. */
  readonly "PUT /v1/waybills/{token}/address": { readonly params: { readonly token: string }; readonly body: { readonly address: string }; readonly answer: { readonly token: string; readonly address: string; readonly voidPrints: number; readonly entry: string | null } };
  /** Sends the parcel back: sender and recipient swapped, under a waybill of its own. */
  readonly "POST /v1/waybills/{token}/return": { readonly params: { readonly token: string }; readonly answer: { readonly token: string; readonly waybillNumber: string; readonly orderNumber: string; readonly recipient: { readonly name: string; readonly phone: string; readonly address: string }; readonly state: "sealed" | "repeated"; readonly entry: string } };
  /** Seals the further parcels of one order, so that one can die without the other. */
  readonly "POST /v1/waybills/{token}/split": { readonly params: { readonly token: string }; readonly body: { readonly parcels: number }; readonly answer: { readonly parcels: readonly ({ readonly token: string; readonly waybillNumber: string; readonly orderNumber: string; readonly recipient: { readonly name: string; readonly phone: string; readonly address: string }; readonly state: "sealed" | "repeated"; readonly entry: string })[] } };
  /** Hands up to 1,000 waybills to a supplier, who prints, sees masks and records what is packed and handed in, and opens nobody. */
  readonly "POST /v1/drop-ships": { readonly body: { readonly tokens: readonly (string)[]; readonly supplier: string; readonly size?: "76x130" | "100x110" | "100x150" | "100x177" | "100x180" | "100x203"; readonly prints?: number; readonly until: string }; readonly answer: { readonly results: readonly ({ readonly token: string; readonly ok: true; readonly supplier: string; readonly until: string; readonly entry: string } | { readonly token: string; readonly ok: false; readonly code: string; readonly title: string; readonly field: string })[] } };
  /** Takes the waybill back from its supplier, who prints and sees it no more. */
  readonly "DELETE /v1/waybills/{token}/drop-ship": { readonly params: { readonly token: string }; readonly answer: { readonly token: string; readonly supplier: string; readonly entry: string } };
  /** Which of up to 1,000 waybills go to the same recipient: group ids, random in every call. */
  readonly "POST /v1/merge-groups": { readonly body: { readonly tokens: readonly (string)[] }; readonly answer: { readonly results: readonly ({ readonly token: string; readonly ok: true; readonly group: string } | { readonly token: string; readonly ok: false; readonly code: string; readonly title: string; readonly field: string })[]; readonly compared: number; readonly groups: number; readonly entry: string; readonly receipt: string } };
  /** Opens fields for a purpose; the entry is durable before the answer leaves. */
  readonly "POST /v1/waybills/{token}/reveal": { readonly params: { readonly token: string }; readonly body: { readonly fields: readonly (string)[]; readonly purpose: "deliver" | "contact" | "return" | "claim" | "address-change" | "view-name" | "instant-delivery" | "customer-care" | "subject-request" | "law-enforcement" | "sender-disclosure" | "inspection" | "audit"; readonly reason?: string }; readonly answer: { readonly entry: string; readonly receipt: string; readonly fields: Readonly<Record<string, string>> } };
  /** Reveals up to 100 waybills, each with its own entry and its own result. */
  readonly "POST /v1/reveals": { readonly body: { readonly tokens: readonly (string)[]; readonly fields: readonly (string)[]; readonly purpose: "deliver" | "contact" | "return" | "claim" | "address-change" | "view-name" | "instant-delivery" | "customer-care" | "subject-request" | "law-enforcement" | "sender-disclosure" | "inspection" | "audit"; readonly reason?: string }; readonly answer: { readonly results: readonly ({ readonly token: string; readonly ok: true; readonly entry: string; readonly receipt: string; readonly fields: Readonly<Record<string, string>> } | { readonly token: string; readonly ok: false; readonly code: string; readonly title: string; readonly field: string })[] } };
  /** Living waybills of one full phone: tokens and masked views. The search is an entry. */
  readonly "POST /v1/search": { readonly body: { readonly phone: string }; readonly answer: { readonly entry: string; readonly receipt: string; readonly hits: readonly ({ readonly token: string; readonly waybillNumber: string; readonly carrier: string; readonly dayOfDeath: string; readonly recipient: { readonly name: string; readonly phone: string; readonly address: string } })[]; readonly truncated: boolean } };
  /** The holds that stand, by last day; with `ended` also those that are over. */
  readonly "GET /v1/holds": { readonly query?: { readonly limit?: number; readonly cursor?: string; readonly ended?: boolean }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly token: string; readonly reason: string; readonly authority: string; readonly document: string | null; readonly until: string; readonly state: string; readonly placedAt: string; readonly endedAt: string | null })[]; readonly next: string | null } };
  /** Keeps the persons of a waybill from dying before `until`, for a reason. */
  readonly "POST /v1/holds": { readonly body: { readonly token: string; readonly reason: "claim" | "complaint" | "investigation" | "court-order" | "undelivered" | "recovered"; readonly authority: string; readonly document?: string; readonly until: string }; readonly answer: { readonly id: string; readonly until: string; readonly entry: string } };
  /** Ends a hold. `erased` names the entry of the waybill's death, if it lived by it alone. */
  readonly "POST /v1/holds/{id}/release": { readonly params: { readonly id: string }; readonly answer: { readonly entry: string; readonly erased: string | null } };
  /** Requests that wait, by the day by which each is answered; with `closed` all. */
  readonly "GET /v1/requests": { readonly query?: { readonly limit?: number; readonly cursor?: string; readonly closed?: boolean }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly kind: string; readonly state: string; readonly receivedOn: string; readonly dueOn: string; readonly overdue: boolean; readonly refusal: string | null })[]; readonly next: string | null } };
  /** Takes a request in, about one token or one full phone; a code goes to the phone. */
  readonly "POST /v1/requests": { readonly body: { readonly kind: "access" | "copy" | "correction" | "erasure" | "explanation"; readonly party: "recipient" | "sender"; readonly token?: string; readonly phone?: string }; readonly answer: { readonly id: string; readonly dueOn: string; readonly entry: string } };
  /** Sends the person another code. */
  readonly "POST /v1/requests/{id}/code": { readonly params: { readonly id: string }; readonly answer: null };
  /** Shows by the code that the person is who it says. */
  readonly "POST /v1/requests/{id}/verify": { readonly params: { readonly id: string }; readonly body: { readonly code: string }; readonly answer: { readonly entry: string } };
  /** Refuses a request as a whole, with its reason. */
  readonly "POST /v1/requests/{id}/refuse": { readonly params: { readonly id: string }; readonly body: { readonly reason: "unverified" | "not-found" | "withdrawn" | "excessive" }; readonly answer: { readonly entry: string } };
  /** Does what a verified request asks, and gives what the person is to be told. */
  readonly "POST /v1/requests/{id}/answer": { readonly params: { readonly id: string }; readonly body: { readonly change?: { readonly name?: string; readonly phone?: string; readonly address?: string } }; readonly answer: { readonly request: string; readonly kind: string; readonly entry: string } & Readonly<Record<string, unknown>> };
  /** Destroys the key of one waybill now; nobody can bring its persons back. */
  readonly "POST /v1/waybills/{token}/erase": { readonly params: { readonly token: string }; readonly body: { readonly reason: string; readonly overLimit?: boolean }; readonly answer: { readonly token: string; readonly intent: string; readonly entry: string; readonly erasedAt: string } };
  /** Signs a certificate of what died: by token, compartment or entry of the death. */
  readonly "POST /v1/certificates": { readonly body: { readonly id: string }; readonly answer: { readonly note: string; readonly key: string } };
  /** The last certificate that was signed of it. */
  readonly "GET /v1/certificates/{id}": { readonly params: { readonly id: string }; readonly answer: { readonly note: string; readonly key: string } };
  /** The terms that count now, each with its bounds and its source. */
  readonly "GET /v1/retention": { readonly query?: { readonly organisation?: string }; readonly answer: { readonly terms: readonly ({ readonly class: string; readonly days: number; readonly floorDays: number; readonly ceilingDays: number; readonly force: string; readonly source: Readonly<Record<string, unknown>> })[] } };
  /** Sets a term for the tenant, or a tighter one for a branch; it counts from then on. */
  readonly "PUT /v1/retention/{class}": { readonly params: { readonly class: "persons" | "access-delivered" | "access-returned" | "access-closed" | "access-void" | "real-name" | "shell" | "audit" }; readonly body: { readonly days: number; readonly organisation?: string; readonly reason: string }; readonly answer: { readonly version: number; readonly entry: string } };
  /** What dies in the next days, what closes, and what is late. */
  readonly "GET /v1/retention/plan": { readonly query?: { readonly days?: number }; readonly answer: { readonly from: string; readonly to: string; readonly overdue: readonly ({ readonly day: string; readonly compartment: string; readonly waybills: number })[]; readonly persons: readonly ({ readonly day: string; readonly compartment: string; readonly waybills: number })[]; readonly indexWeeks: readonly (string)[]; readonly shellWeeks: readonly (string)[]; readonly access: readonly ({ readonly day: string; readonly waybills: number })[]; readonly holds: readonly ({ readonly day: string; readonly waybills: number })[] } };
  /** The tenant's organisations and the authorities. */
  readonly "GET /v1/organisations": { readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly name: string; readonly kind: string; readonly form: string | null; readonly parent: string | null; readonly openedOn: string; readonly closedOn: string | null })[]; readonly next: string | null } };
  /** Founds organisations below `under` (headquarters without it), or headquarters itself. */
  readonly "POST /v1/organisations": { readonly body: { readonly kind: "headquarters" | "region" | "branch" | "outlet" | "station" | "merchant"; readonly form?: "direct" | "franchise"; readonly under?: string; readonly names: readonly (string)[] }; readonly answer: { readonly organisations: readonly ({ readonly id: string; readonly name: string })[]; readonly entry: string } };
  /** Moves an organisation, and what stands below it, under another. */
  readonly "POST /v1/organisations/{id}/move": { readonly params: { readonly id: string }; readonly body: { readonly under: string; readonly reason: string }; readonly answer: { readonly entry: string } };
  /** Closes an organisation that has nothing open below it. */
  readonly "POST /v1/organisations/{id}/close": { readonly params: { readonly id: string }; readonly body: { readonly reason: string }; readonly answer: { readonly entry: string } };
  /** Files an authority's document; it counts for nothing until another officer confirms. */
  readonly "POST /v1/warrants": { readonly body: { readonly about: readonly (string)[]; readonly authority: string; readonly document: string; readonly days: number }; readonly answer: { readonly id: string; readonly entry: string } };
  /** Warrants that wait for their second officer or count now. */
  readonly "GET /v1/warrants": { readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly authority: string; readonly document: string; readonly days: number; readonly count: number; readonly filedBy: string; readonly confirmedBy: string | null; readonly until: string | null })[]; readonly next: string | null } };
  /** What a warrant names, masked, for the officer who confirms it; an entry. */
  readonly "GET /v1/warrants/{id}/list": { readonly params: { readonly id: string }; readonly answer: { readonly named: readonly ({ readonly about: string; readonly waybillNumber: string | null; readonly carrier: string | null; readonly recipient: { readonly name: string; readonly phone: string; readonly address: string } | null; readonly sender: { readonly name: string; readonly phone: string; readonly address: string } | null; readonly document: string | null; readonly failure: string | null })[]; readonly entry: string } };
  /** Confirms a warrant as its second officer; it counts from now for its days. */
  readonly "POST /v1/warrants/{id}/confirm": { readonly params: { readonly id: string }; readonly answer: { readonly until: string; readonly entry: string } };
  /** Opens one waybill to the asker for some minutes, and tells the privacy officer. */
  readonly "POST /v1/break-glass": { readonly body: { readonly token: string; readonly reason: string; readonly evidence: string; readonly minutes: number }; readonly answer: { readonly id: string; readonly until: string; readonly entry: string } };
  /** What was opened in an emergency and waits to be judged; with `all` also what was. */
  readonly "GET /v1/break-glass": { readonly query?: { readonly limit?: number; readonly cursor?: string; readonly all?: boolean }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly token: string | null; readonly openedAt: string; readonly until: string; readonly actor: string; readonly reason: string; readonly looks: number; readonly finding: string | null })[]; readonly next: string | null } };
  /** The privacy officer says what is thought of one; an unjustified one ends at once. */
  readonly "POST /v1/break-glass/{id}/acknowledge": { readonly params: { readonly id: string }; readonly body: { readonly finding: "justified" | "unjustified" }; readonly answer: { readonly entry: string } };
  /** The privacy officer opens the evidence (Base64); an entry. */
  readonly "POST /v1/break-glass/{id}/evidence": { readonly params: { readonly id: string }; readonly answer: { readonly evidence: string; readonly entry: string } };
  /** Checks the document that a sender showed and keeps it sealed, with its own clock. */
  readonly "POST /v1/real-name-records": { readonly body: { readonly kind: "resident-id" | "passport" | "hong-kong-macao-permit" | "taiwan-permit" | "permanent-residence" | "organisation-code"; readonly number: string; readonly token?: string }; readonly answer: { readonly id: string; readonly dayOfDeath: string; readonly entry: string } };
  /** Opens one record, for one of the two officers of a warrant that names it. */
  readonly "POST /v1/real-name-records/{id}/open": { readonly params: { readonly id: string }; readonly body: { readonly reason: string }; readonly answer: { readonly kind: string; readonly number: string; readonly entry: string } };
  /** How much is kept, and the ids of the records made with a waybill; never a number. */
  readonly "POST /v1/real-name-records/status": { readonly body: { readonly token?: string }; readonly answer: { readonly records: number; readonly documents: number; readonly nextDeath: string | null; readonly ids: readonly (string)[] } };
  /** What counts for an organisation now, and who said it. */
  readonly "GET /v1/organisations/{id}/settings": { readonly params: { readonly id: string }; readonly answer: { readonly settings: readonly ({ readonly name: string; readonly value: string; readonly source: string | null; readonly by: string | null; readonly mode: string; readonly floor: string | null; readonly steps: readonly ({ readonly organisation: string; readonly by: string | null; readonly outcome: string; readonly value: string | null; readonly mode: string | null; readonly version: number; readonly reason: string | null; readonly at: string | null })[] })[] } };
  /** What counts and why, with an ETag to change it by. */
  readonly "GET /v1/organisations/{id}/settings/{name}": { readonly params: { readonly id: string; readonly name: "mask-profile" | "suite" | "private-waybill" | "virtual-number" | "four-eyes" | "authority-grant" | "training-required" | "label-sizes" | "retention-persons" | "retention-access-delivered" | "retention-access-returned" | "retention-access-closed" | "retention-access-void" | "retention-real-name" | "retention-shell" | "purposes-courier" | "purposes-station" | "purposes-clerk" | "purposes-branch-manager" | "purposes-support" | "quota-person-minute" | "quota-person-shift" | "quota-person-day" | "quota-purpose-minute" | "quota-purpose-day" | "quota-subjects-day" | "quota-branch-minute" | "quota-branch-shift" | "quota-branch-day" | "quota-tenant-minute" | "quota-tenant-shift" | "quota-tenant-day" }; readonly answer: { readonly name: string; readonly value: string; readonly source: string | null; readonly by: string | null; readonly mode: string; readonly floor: string | null; readonly steps: readonly ({ readonly organisation: string; readonly by: string | null; readonly outcome: string; readonly value: string | null; readonly mode: string | null; readonly version: number; readonly reason: string | null; readonly at: string | null })[] } };
  /** Sets a value, hands the decision on (`delegated`) or locks it; with If-Match only while nothing else was said since. What loosens is proposed and waits for another person (202). */
  readonly "PUT /v1/organisations/{id}/settings/{name}": { readonly params: { readonly id: string; readonly name: "mask-profile" | "suite" | "private-waybill" | "virtual-number" | "four-eyes" | "authority-grant" | "training-required" | "label-sizes" | "retention-persons" | "retention-access-delivered" | "retention-access-returned" | "retention-access-closed" | "retention-access-void" | "retention-real-name" | "retention-shell" | "purposes-courier" | "purposes-station" | "purposes-clerk" | "purposes-branch-manager" | "purposes-support" | "quota-person-minute" | "quota-person-shift" | "quota-person-day" | "quota-purpose-minute" | "quota-purpose-day" | "quota-subjects-day" | "quota-branch-minute" | "quota-branch-shift" | "quota-branch-day" | "quota-tenant-minute" | "quota-tenant-shift" | "quota-tenant-day" }; readonly body: { readonly value: string; readonly mode?: "set" | "delegated" | "locked"; readonly bound?: string; readonly by?: string; readonly reason: string }; readonly answer: { readonly version: number; readonly entry: string } | { readonly proposal: string; readonly expiresAt: string; readonly entry: string } };
  /** Every version that the organisation itself gave the setting, oldest first. */
  readonly "GET /v1/organisations/{id}/settings/{name}/history": { readonly params: { readonly id: string; readonly name: "mask-profile" | "suite" | "private-waybill" | "virtual-number" | "four-eyes" | "authority-grant" | "training-required" | "label-sizes" | "retention-persons" | "retention-access-delivered" | "retention-access-returned" | "retention-access-closed" | "retention-access-void" | "retention-real-name" | "retention-shell" | "purposes-courier" | "purposes-station" | "purposes-clerk" | "purposes-branch-manager" | "purposes-support" | "quota-person-minute" | "quota-person-shift" | "quota-person-day" | "quota-purpose-minute" | "quota-purpose-day" | "quota-subjects-day" | "quota-branch-minute" | "quota-branch-shift" | "quota-branch-day" | "quota-tenant-minute" | "quota-tenant-shift" | "quota-tenant-day" }; readonly answer: { readonly versions: readonly ({ readonly version: number; readonly by: string; readonly value: string; readonly mode: string; readonly reason: string; readonly actor: string; readonly at: string })[] } };
  /** Changes that wait for another person, oldest first. */
  readonly "GET /v1/setting-proposals": { readonly answer: { readonly proposals: readonly ({ readonly id: string; readonly organisation: string; readonly setting: string; readonly value: string; readonly mode: string; readonly reason: string; readonly proposedBy: string; readonly expiresAt: string })[] } };
  /** Approves a change that another person proposed; it counts at once. */
  readonly "POST /v1/setting-proposals/{id}/approve": { readonly params: { readonly id: string }; readonly answer: { readonly version: number; readonly entry: string } };
  /** Requests for a setting, oldest first: the tenant's, or of a branch its own. */
  readonly "GET /v1/authorisations": { readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly from: string; readonly to: string; readonly setting: string; readonly wanted: string; readonly reason: string; readonly filedOn: string; readonly answer: string | null; readonly answeredOn: string | null; readonly waitingDays: number })[]; readonly next: string | null } };
  /** An outlet asks its headquarters for a value that it may not set itself. */
  readonly "POST /v1/authorisations": { readonly body: { readonly from: string; readonly setting: "mask-profile" | "suite" | "private-waybill" | "virtual-number" | "four-eyes" | "authority-grant" | "training-required" | "label-sizes" | "retention-persons" | "retention-access-delivered" | "retention-access-returned" | "retention-access-closed" | "retention-access-void" | "retention-real-name" | "retention-shell" | "purposes-courier" | "purposes-station" | "purposes-clerk" | "purposes-branch-manager" | "purposes-support" | "quota-person-minute" | "quota-person-shift" | "quota-person-day" | "quota-purpose-minute" | "quota-purpose-day" | "quota-subjects-day" | "quota-branch-minute" | "quota-branch-shift" | "quota-branch-day" | "quota-tenant-minute" | "quota-tenant-shift" | "quota-tenant-day"; readonly wanted: string; readonly mode?: "set" | "delegated"; readonly reason: string }; readonly answer: { readonly id: string; readonly entry: string } };
  /** Headquarters grants or refuses; a grant lets the outlet set exactly that value. */
  readonly "POST /v1/authorisations/{id}/answer": { readonly params: { readonly id: string }; readonly body: { readonly answer: "granted" | "refused"; readonly by: string; readonly reason: string }; readonly answer: { readonly entry: string } };
  /** What a role at an organisation could have seen on a day, by the policies of then. */
  readonly "POST /v1/simulations/seen": { readonly body: { readonly role: "owner" | "operator" | "merchant" | "erp-machine" | "headquarters-operator" | "branch-manager" | "clerk" | "courier" | "station" | "support" | "privacy-officer" | "security-officer" | "inspector" | "auditor" | "subject"; readonly organisation?: string; readonly on?: string }; readonly answer: { readonly organisation: string; readonly role: string; readonly on: string; readonly glimpses: readonly ({ readonly from: string; readonly policySet: string; readonly profile: string; readonly isTrainingRequired: boolean; readonly looks: { readonly minute: number; readonly shift: number; readonly day: number }; readonly limits: readonly ({ readonly scope: string; readonly span: string; readonly limit: number })[]; readonly purposes: readonly ({ readonly purpose: string; readonly fields: readonly (string)[]; readonly hours: readonly (number)[]; readonly isAfterHandOver: boolean; readonly needs: readonly (string)[] })[] })[]; readonly entry: string } };
  /** Which reveals of a day a change of a setting would have denied. */
  readonly "POST /v1/simulations/denied": { readonly body: { readonly setting: "mask-profile" | "suite" | "private-waybill" | "virtual-number" | "four-eyes" | "authority-grant" | "training-required" | "label-sizes" | "retention-persons" | "retention-access-delivered" | "retention-access-returned" | "retention-access-closed" | "retention-access-void" | "retention-real-name" | "retention-shell" | "purposes-courier" | "purposes-station" | "purposes-clerk" | "purposes-branch-manager" | "purposes-support" | "quota-person-minute" | "quota-person-shift" | "quota-person-day" | "quota-purpose-minute" | "quota-purpose-day" | "quota-subjects-day" | "quota-branch-minute" | "quota-branch-shift" | "quota-branch-day" | "quota-tenant-minute" | "quota-tenant-shift" | "quota-tenant-day"; readonly value: string; readonly mode?: "set" | "locked"; readonly organisation: string; readonly on?: string }; readonly answer: { readonly on: string; readonly looked: number; readonly denied: readonly ({ readonly entry: string; readonly at: string; readonly actor: string; readonly organisation: string | null; readonly purpose: string; readonly code: string })[]; readonly unknownRoles: number; readonly notJudged: number; readonly isAboutReveals: boolean; readonly isWhole: boolean; readonly policySets: readonly (string)[]; readonly entry: string } };
  /** Scopes that this carrier granted, or that this authority's office was granted. */
  readonly "GET /v1/authority-scopes": { readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly tenant: string; readonly authority: string; readonly scope: string; readonly state: string; readonly source: string; readonly from: string; readonly until: string; readonly basis: string; readonly document: string })[]; readonly next: string | null } };
  /** Grants an authority a scope for some days, with legal basis and document. */
  readonly "POST /v1/authority-scopes": { readonly body: { readonly authority: string; readonly scope: "requests" | "scores" | "settings" | "log-counts"; readonly from?: string; readonly until: string; readonly basis: string; readonly document: string }; readonly answer: { readonly id: string; readonly state: string; readonly entry: string } };
  /** Approves a grant that another person made. */
  readonly "POST /v1/authority-scopes/{id}/approve": { readonly params: { readonly id: string }; readonly answer: { readonly id: string; readonly state: string; readonly entry: string } };
  /** Revokes a scope at once. */
  readonly "POST /v1/authority-scopes/{id}/revoke": { readonly params: { readonly id: string }; readonly answer: { readonly id: string; readonly state: string; readonly entry: string } };
  /** Reads a carrier under a scope, as the office; the carrier's log has the entry. */
  readonly "GET /v1/authority-scopes/{id}/reading": { readonly params: { readonly id: string }; readonly answer: { readonly scope: string; readonly tenant: string; readonly on: string; readonly requests: readonly ({ readonly id: string; readonly fromName: string; readonly setting: string; readonly wanted: string; readonly reason: string; readonly filedOn: string; readonly answeredOn: string | null; readonly waitingDays: number })[]; readonly figures: readonly ({ readonly name: string; readonly value: string | null; readonly count: number | null; readonly of: number | null })[]; readonly entry: string } };
  /** The accounts that the caller may see: of its own branch and what stands below it. */
  readonly "GET /v1/accounts": { readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly name: string; readonly kind: string; readonly role: string; readonly organisation: string | null; readonly createdAt: string; readonly disabledAt: string | null })[]; readonly next: string | null } };
  /** Makes an account of a person or of a machine; it can do nothing yet. */
  readonly "POST /v1/accounts": { readonly body: { readonly name: string; readonly kind: "person" | "machine"; readonly role: "owner" | "operator" | "merchant" | "erp-machine" | "headquarters-operator" | "branch-manager" | "clerk" | "courier" | "station" | "support" | "privacy-officer" | "security-officer" | "inspector" | "auditor" | "subject"; readonly organisation?: string }; readonly answer: { readonly id: string; readonly entry: string } };
  /** Puts an account into another role or place; its sessions end. */
  readonly "PUT /v1/accounts/{id}/role": { readonly params: { readonly id: string }; readonly body: { readonly role: "owner" | "operator" | "merchant" | "erp-machine" | "headquarters-operator" | "branch-manager" | "clerk" | "courier" | "station" | "support" | "privacy-officer" | "security-officer" | "inspector" | "auditor" | "subject"; readonly organisation?: string }; readonly answer: { readonly entry: string } };
  /** A one-time link by which a person sets password and authenticator; shown once. */
  readonly "POST /v1/accounts/{id}/invitation": { readonly params: { readonly id: string }; readonly answer: { readonly invite: string; readonly expiresAt: string } };
  /** Ends an account (离职): its sessions, keys, devices and links with it. */
  readonly "DELETE /v1/accounts/{id}": { readonly params: { readonly id: string }; readonly answer: { readonly entry: string; readonly sessions: number; readonly apiKeys: number } };
  /** The keys of the machines that the caller manages, never the keys themselves. */
  readonly "GET /v1/api-keys": { readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly account: string; readonly scopes: readonly (string)[]; readonly madeAt: string; readonly expiresAt: string; readonly usedAt: string | null; readonly endedAt: string | null })[]; readonly next: string | null } };
  /** Makes a key for an account of a machine; the answer is the only time it is seen. */
  readonly "POST /v1/api-keys": { readonly body: { readonly account: string; readonly scopes: readonly ("seal" | "print" | "state" | "flow")[]; readonly days: number }; readonly answer: { readonly id: string; readonly key: string; readonly expiresAt: string; readonly entry: string } };
  /** A new key in place of an old one, which goes on for some hours. */
  readonly "POST /v1/api-keys/{id}/rotate": { readonly params: { readonly id: string }; readonly body: { readonly overlapHours: number; readonly days: number }; readonly answer: { readonly id: string; readonly key: string; readonly expiresAt: string; readonly entry: string } };
  /** Ends a key at once. */
  readonly "DELETE /v1/api-keys/{id}": { readonly params: { readonly id: string }; readonly answer: { readonly entry: string } };
  /** Asks for more than a quota allows, for some hours; another person approves it. */
  readonly "POST /v1/quotas/raises": { readonly body: { readonly scope: string; readonly key?: string; readonly span: string; readonly extra: number; readonly hours: number; readonly reason: string }; readonly answer: { readonly id: string } };
  /** Approves a raise that somebody else asked for. */
  readonly "POST /v1/quotas/raises/{id}/approve": { readonly params: { readonly id: string }; readonly answer: { readonly entry: string } };
  /** What is spent of each quota now. */
  readonly "GET /v1/quotas": { readonly answer: { readonly counters: readonly ({ readonly scope: string; readonly key: string; readonly span: string; readonly spent: number; readonly limit: number })[] } };
  /** Asks the log: who looked, what was refused, exported, printed; `by` counts instead. */
  readonly "POST /v1/audit/queries": { readonly body: { readonly limit?: number; readonly cursor?: string; readonly question: "looks" | "reveals" | "denied" | "exports" | "prints" | "seals"; readonly about?: string; readonly purpose?: string; readonly organisation?: string; readonly from?: string; readonly to?: string; readonly by?: "purpose" | "branch" | "actor" | "type" | "day" | "hour" }; readonly answer: { readonly items: readonly ({ readonly index: number; readonly leaf: Readonly<Record<string, unknown>> })[]; readonly counts: readonly ({ readonly value: string; readonly leaves: number })[]; readonly next: string | null; readonly entry: string } };
  /** Everything that the log says of one waybill. */
  readonly "POST /v1/audit/waybill": { readonly body: { readonly limit?: number; readonly cursor?: string; readonly token: string }; readonly answer: { readonly items: readonly ({ readonly index: number; readonly leaf: Readonly<Record<string, unknown>> })[]; readonly counts: readonly ({ readonly value: string; readonly leaves: number })[]; readonly next: string | null; readonly entry: string } };
  /** Makes an export of a period, from one day up to another, as a job: look at it until it is ready. It is its maker's alone, for a day. */
  readonly "POST /v1/exports": { readonly body: { readonly kind: "inspector-bundle" | "masked-waybills" | "log-entries" | "statements"; readonly from: string; readonly to: string; readonly organisation?: string; readonly purpose?: "inspection" | "deliver" | "return" | "claim" | "audit"; readonly format?: "zip" | "csv" | "ndjson"; readonly state?: "sealed" | "printed" | "held" | "packed" | "handed-in" | "arrived" | "delivered" | "returned" | "closed" | "void" | "undelivered"; readonly merchant?: string; readonly question?: "looks" | "reveals" | "denied" | "exports" | "prints" | "seals" }; readonly answer: { readonly id: string; readonly kind: "inspector-bundle" | "masked-waybills" | "log-entries" | "statements"; readonly state: "making" | "ready" | "failed"; readonly format: "zip" | "csv" | "ndjson"; readonly purpose: "inspection" | "deliver" | "return" | "claim" | "audit" | null; readonly organisation: string | null; readonly from: string; readonly to: string; readonly madeAt: string; readonly expiresAt: string; readonly failure: string | null; readonly rows: number | null; readonly bytes: number | null; readonly sha256: string | null; readonly entry: string | null } };
  /** One's own exports of the last day, newest first; ten at most. */
  readonly "GET /v1/exports": { readonly answer: { readonly items: readonly ({ readonly id: string; readonly kind: "inspector-bundle" | "masked-waybills" | "log-entries" | "statements"; readonly state: "making" | "ready" | "failed"; readonly format: "zip" | "csv" | "ndjson"; readonly purpose: "inspection" | "deliver" | "return" | "claim" | "audit" | null; readonly organisation: string | null; readonly from: string; readonly to: string; readonly madeAt: string; readonly expiresAt: string; readonly failure: string | null; readonly rows: number | null; readonly bytes: number | null; readonly sha256: string | null; readonly entry: string | null })[] } };
  /** How far one of one's own exports is; waits for it as long as `waitSeconds` says. */
  readonly "GET /v1/exports/{id}": { readonly params: { readonly id: string }; readonly query?: { readonly waitSeconds?: number }; readonly answer: { readonly id: string; readonly kind: "inspector-bundle" | "masked-waybills" | "log-entries" | "statements"; readonly state: "making" | "ready" | "failed"; readonly format: "zip" | "csv" | "ndjson"; readonly purpose: "inspection" | "deliver" | "return" | "claim" | "audit" | null; readonly organisation: string | null; readonly from: string; readonly to: string; readonly madeAt: string; readonly expiresAt: string; readonly failure: string | null; readonly rows: number | null; readonly bytes: number | null; readonly sha256: string | null; readonly entry: string | null } };
  /** Takes an export away with its file, before its day is over. */
  readonly "DELETE /v1/exports/{id}": { readonly params: { readonly id: string }; readonly answer: null };
  /** The file; a part of it with `Range` (one range), guarded by `If-Range` and its ETag. Masked waybills come whole, as they are at that moment; `midan-rows` tells how many. */
  readonly "GET /v1/exports/{id}/file": { readonly params: { readonly id: string }; readonly answer: Uint8Array };
  /** The webhooks of the tenant, without their secrets. */
  readonly "GET /v1/webhooks": { readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly url: string; readonly events: readonly (string)[]; readonly madeAt: string; readonly rotatedAt: string | null })[]; readonly next: string | null } };
  /** Registers an https address for events; the secret is shown once. */
  readonly "POST /v1/webhooks": { readonly body: { readonly url: string; readonly events: readonly ("waybill.sealed" | "waybill.printed" | "waybill.state" | "waybill.erased" | "compartment.destroyed" | "hold.placed" | "hold.ended" | "quota.alarm" | "break-glass.opened")[] }; readonly answer: { readonly id: string; readonly secret: string; readonly entry: string } };
  /** A new secret, shown once; the one before signs along for a day. */
  readonly "POST /v1/webhooks/{id}/rotate": { readonly params: { readonly id: string }; readonly answer: { readonly id: string; readonly secret: string; readonly entry: string } };
  /** Ends a webhook; what waits is told to nobody. */
  readonly "DELETE /v1/webhooks/{id}": { readonly params: { readonly id: string }; readonly answer: { readonly entry: string } };
  /** What a webhook was told in thirty days, newest first, and how each attempt went. */
  readonly "GET /v1/webhooks/{id}/deliveries": { readonly params: { readonly id: string }; readonly query?: { readonly limit?: number; readonly cursor?: string }; readonly answer: { readonly items: readonly ({ readonly id: string; readonly event: string; readonly state: string; readonly attempts: number; readonly status: number | null; readonly failure: string | null; readonly madeAt: string; readonly nextAt: string | null; readonly endedAt: string | null; readonly body: string })[]; readonly next: string | null } };
  /** Tells a delivery again, with all its attempts. */
  readonly "POST /v1/webhooks/{id}/deliveries/{delivery}/replay": { readonly params: { readonly id: string; readonly delivery: string }; readonly answer: null };
  /** The process answers. */
  readonly "GET /health/live": { readonly answer: { readonly live: boolean; readonly sandbox?: true } };
  /** Whether database, key store and log can serve; 503 says which cannot, or that it stops. */
  readonly "GET /health/ready": { readonly answer: { readonly ready: boolean; readonly stopping: boolean; readonly sandbox?: true; readonly database: "ok" | "failed"; readonly keys: "ok" | "failed"; readonly log: "ok" | "failed" } };
  /** Figures in the text format of Prometheus, for any key or signed-in person. */
  readonly "GET /metrics": { readonly answer: string };
  /** Seals NDJSON of any length: a line comes back for each order once it is committed, and a last one with `done`. Keys as in order files, also nested: {receiver:{name}}. */
  readonly "POST /v1/waybills/stream": { readonly answer: string };
}

/** Operations that are done once under an `Idempotency-Key`. */
export const ONCE_OPERATIONS: readonly string[] = [
  "POST /v1/waybills",
  "POST /v1/waybills/batch",
  "POST /v1/waybills/platform-orders",
  "POST /v1/waybills/{token}/label",
  "POST /v1/waybills/{token}/hand-over",
  "POST /v1/waybills/{token}/return",
  "POST /v1/waybills/{token}/split",
  "POST /v1/drop-ships",
  "POST /v1/holds",
  "POST /v1/requests",
  "POST /v1/certificates",
  "POST /v1/organisations",
  "POST /v1/authorisations",
  "POST /v1/authority-scopes",
  "POST /v1/accounts",
  "POST /v1/accounts/{id}/invitation",
  "POST /v1/api-keys",
  "POST /v1/api-keys/{id}/rotate",
  "POST /v1/quotas/raises",
  "POST /v1/exports",
  "POST /v1/webhooks",
  "POST /v1/webhooks/{id}/rotate",
];

/** Every code that a problem may have: docs/errors.md says what it means. */
export type ProblemCode =
  | "ORGANISATION_UNKNOWN"
  | "ORGANISATION_EXISTS"
  | "OFFICE_FOREIGN"
  | "OFFICE_OF_CARRIER"
  | "ORGANISATION_PLACE"
  | "ACCESS_DENIED"
  | "ASSIGNMENT_DAY"
  | "WAYBILL_VOID"
  | "ADDRESS_ENDED"
  | "PARCEL_STATE_LATE"
  | "DROP_SHIP_BOUNDS"
  | "DROP_SHIP_LATE"
  | "DROP_SHIP_NONE"
  | "DROP_SHIP_SPENT"
  | "SUPPLIER_UNFIT"
  | "WAYBILL_MOVING"
  | "PARCEL_ENDED"
  | "RETURN_SENDER_MISSING"
  | "SPLIT_PARCELS"
  | "HAND_OVER_ENDED"
  | "ORGANISATION_CLOSED"
  | "ORGANISATION_OPEN_BELOW"
  | "ORGANISATION_MOVE_LOOSER"
  | "SETTING_UNKNOWN"
  | "SETTING_VALUE_UNKNOWN"
  | "SETTING_HEADQUARTERS_ONLY"
  | "SETTING_NOT_BELOW"
  | "SETTING_LOCKED"
  | "SETTING_LOOSER"
  | "SETTING_FOUR_EYES"
  | "SETTING_PROPOSAL_UNKNOWN"
  | "SETTING_PROPOSAL_SELF"
  | "SETTING_PROPOSAL_EXPIRED"
  | "SETTING_PROPOSAL_SETTLED"
  | "REQUEST_UNKNOWN"
  | "REQUEST_ANSWERED"
  | "REQUEST_ADDRESSEE"
  | "PURPOSE_NOT_ALLOWED"
  | "LABEL_SIZE_NOT_ALLOWED"
  | "SUITE_NOT_ALLOWED"
  | "SEAL_LOOSER"
  | "VIRTUAL_NUMBER_NEEDED"
  | "VIRTUAL_NUMBER_NONE"
  | "HISTORY_TOO_SHORT"
  | "TRAINING_INVALID"
  | "COURSE_UNKNOWN"
  | "TRAINING_DAYS"
  | "TRAINING_SELF"
  | "TRAINING_EXISTS"
  | "AGENT_SETTING"
  | "AGENT_KEY_UNREADABLE"
  | "REQUESTS_TOO_MANY"
  | "CURSOR_UNKNOWN"
  | "IDEMPOTENCY_KEY_INVALID"
  | "IDEMPOTENCY_KEY_REUSED"
  | "IDEMPOTENCY_PENDING"
  | "IDEMPOTENCY_SHOWN"
  | "WEBHOOK_ADDRESS"
  | "EXPORTS_MAX"
  | "EXPORT_BUSY"
  | "SIMULATION_BUSY"
  | "EXPORT_UNKNOWN"
  | "EXPORT_NOT_READY"
  | "EXPORT_DAYS"
  | "EXPORT_TOO_LARGE"
  | "EXPORT_LOST"
  | "RANGE_UNSATISFIABLE"
  | "WEBHOOKS_MAX"
  | "WEBHOOK_UNKNOWN"
  | "WEBHOOK_DELIVERY_UNKNOWN"
  | "SETTING_STALE"
  | "AUTHORITY_SCOPE_UNKNOWN"
  | "AUTHORITY_SCOPE_BOUNDS"
  | "AUTHORITY_SCOPE_OVER"
  | "AUTHORITY_SCOPE_SELF"
  | "AUTHORITY_SCOPE_SETTLED"
  | "BREAK_GLASS_BOUNDS"
  | "EVIDENCE_WRONG"
  | "BREAK_GLASS_UNKNOWN"
  | "BREAK_GLASS_SELF"
  | "BREAK_GLASS_ACKNOWLEDGED"
  | "SIGN_IN_NEEDED"
  | "OPERATOR_OFF"
  | "SIGN_IN_REFUSED"
  | "SIGN_IN_SLOWED"
  | "SESSION_ENDED"
  | "SESSION_FILE"
  | "PERSON_REQUIRED"
  | "SCOPE_MISSING"
  | "SCOPE_UNKNOWN"
  | "ACCOUNT_UNKNOWN"
  | "ACCOUNT_EXISTS"
  | "ACCOUNT_NAME"
  | "ACCOUNT_PLACE"
  | "ACCOUNT_FORBIDDEN"
  | "ACCOUNT_LAST_OWNER"
  | "ROLE_UNKNOWN"
  | "PASSWORD_WEAK"
  | "CODE_WRONG"
  | "INVITATION_GONE"
  | "API_KEY_CUT"
  | "API_KEY_ALTERED"
  | "API_KEY_REFUSED"
  | "API_KEY_UNKNOWN"
  | "SESSION_UNKNOWN"
  | "DEVICE_UNKNOWN"
  | "DEVICE_KEY"
  | "DEVICE_REFUSED"
  | "OPENID_OFF"
  | "OPENID_REFUSED"
  | "OPENID_UNAVAILABLE"
  | "CROSS_SITE"
  | "ROUTE_UNKNOWN"
  | "REQUEST_INVALID"
  | "REQUEST_TOO_LARGE"
  | "LOG_LATE"
  | "LOG_FILES_FAILED"
  | "LOG_FILES_BROKEN"
  | "LOG_BEHIND"
  | "LOG_FORKED"
  | "LOG_ORIGIN"
  | "LOG_SHARING"
  | "PORT_UNAVAILABLE"
  | "SERVER_BUSY"
  | "LOG_REFUSED"
  | "STATEMENT_UNKNOWN"
  | "STATEMENT_STRINGS_UNREADABLE"
  | "STATEMENT_INCOMPLETE"
  | "BUNDLE_TOO_LARGE"
  | "LOG_ENTRY_UNKNOWN"
  | "FILE_UNREADABLE"
  | "FILE_UNWRITABLE"
  | "OUTPUT_IS_INPUT"
  | "FILE_EMPTY"
  | "FORMAT_UNKNOWN"
  | "XLSX_BROKEN"
  | "XLSX_TOO_LARGE"
  | "COLUMNS_UNKNOWN"
  | "COLUMNS_AMBIGUOUS"
  | "COLUMNS_TOO_MANY"
  | "MAP_BROKEN"
  | "MAP_FIELD_UNKNOWN"
  | "ENCODING_BROKEN"
  | "ROW_TOO_LONG"
  | "ROW_QUOTE_BROKEN"
  | "ROW_COLUMNS_EXTRA"
  | "JSON_BROKEN"
  | "FIELD_NOT_TEXT"
  | "FIELD_TOO_LONG"
  | "FIELD_CONTROL"
  | "ORDER_NUMBER_MISSING"
  | "NUMBER_SCIENTIFIC"
  | "PHONE_SCIENTIFIC"
  | "WAYBILL_NUMBER_INVALID"
  | "ORDER_NUMBER_INVALID"
  | "CARRIER_INVALID"
  | "SORT_CODE_INVALID"
  | "ORDER_EXPIRED"
  | "ORDER_CHANGED"
  | "NAME_MISSING"
  | "NAME_TOO_LONG"
  | "PHONE_MISSING"
  | "PHONE_TOO_LONG"
  | "PHONE_INVALID"
  | "ADDRESS_MISSING"
  | "ADDRESS_TOO_LONG"
  | "MASKED_VALUE"
  | "TOKEN_VALUE"
  | "CAMPAIGN_UNKNOWN"
  | "CAMPAIGN_PLAN_INVALID"
  | "POPULATION_INVALID"
  | "POPULATION_SMALL"
  | "SAMPLE_UNKNOWN"
  | "SAMPLE_LOOKED"
  | "LOOK_INVALID"
  | "CASE_UNKNOWN"
  | "CASE_EXISTS"
  | "CASE_DAY_BACKWARDS"
  | "CASE_DAY_FUTURE"
  | "CASE_NOT_READY"
  | "CASE_MOVE_REFUSED"
  | "ORDER_EXISTS"
  | "ORDER_UNKNOWN"
  | "SUGGESTION_UNKNOWN"
  | "TEXT_PERSONAL"
  | "TEXT_LENGTH"
  | "CERTIFICATE_ABSENT"
  | "PLATFORM_UNKNOWN"
  | "PLATFORM_TOKEN_MISSING"
  | "PLATFORM_TOKEN_CUT"
  | "PLATFORM_TOKEN_ALTERED"
  | "PLATFORM_TOKEN_INVALID"
  | "VIRTUAL_NUMBER_CUT"
  | "PLATFORM_HOLDS"
  | "PLATFORM_TOKEN_NONE"
  | "MACHINE_REQUIRED"
  | "QUOTA_SPENT"
  | "QUOTA_RAISE_BOUNDS"
  | "QUOTA_RAISE_UNKNOWN"
  | "QUOTA_RAISE_SELF"
  | "QUOTA_RAISE_APPROVED"
  | "DOCUMENT_KIND_UNKNOWN"
  | "CUSTODY_DAY"
  | "MERGE_COUNT"
  | "DOCUMENT_FAULT"
  | "REAL_NAME_UNKNOWN"
  | "USAGE"
  | "PROFILE_UNKNOWN"
  | "PURPOSE_UNKNOWN"
  | "FIELDS_UNKNOWN"
  | "FIELD_NOT_ALLOWED"
  | "REASON_MISSING"
  | "TOKEN_UNKNOWN"
  | "DATA_DEAD"
  | "ACCESS_CLOSED"
  | "RETENTION_UNKNOWN"
  | "RETENTION_BOUNDS"
  | "RETENTION_LOOSER"
  | "PARCEL_STATE_UNKNOWN"
  | "PARCEL_STATE_DAY"
  | "HOLD_REASON_UNKNOWN"
  | "HOLD_UNTIL"
  | "HOLD_DOCUMENT"
  | "HOLD_UNKNOWN"
  | "HOLD_ENDED"
  | "SUBJECT_REQUEST_UNKNOWN"
  | "SUBJECT_REQUEST_CLOSED"
  | "SUBJECT_REQUEST_UNVERIFIED"
  | "CODE_EXPIRED"
  | "CODES_MAX"
  | "CODE_UNSENT"
  | "CORRECTIONS_MAX"
  | "CERTIFICATE_KEY"
  | "CERTIFICATE_FORGED"
  | "SHRED_FUTURE"
  | "CLOCK_AHEAD"
  | "SEAL_CLOCK_AHEAD"
  | "CLOCK_BEHIND"
  | "ERASE_BRAKE"
  | "SHRED_BRAKE"
  | "PROFILE_INVALID"
  | "LABEL_LINT_FAILED"
  | "LABEL_OVERFLOW"
  | "LABEL_GLYPH_MISSING"
  | "LABEL_BARCODE_REFUSED"
  | "LABEL_NONE"
  | "TOKEN_CUT"
  | "TOKEN_REENCODED"
  | "TOKEN_VERSION"
  | "TOKEN_ALTERED"
  | "SANDBOX_PLACE"
  | "SANDBOX_RUNNING"
  | "SANDBOX_TENANT"
  | "SANDBOX_FULL"
  | "HANDHELD_UNKNOWN"
  | "HANDHELD_ENDED"
  | "HANDHELD_KEY_UNREADABLE"
  | "HANDHELD_THERE"
  | "HANDHELD_MISSING"
  | "HANDHELD_BROKEN"
  | "HANDHELD_CLOCK"
  | "BUNDLE_BROKEN"
  | "SHIFT_NONE"
  | "SHIFT_OVER"
  | "SHIFT_RUNNING"
  | "SHIFT_UNKNOWN"
  | "SHIFT_SETTLED"
  | "SHIFT_TOO_MANY"
  | "SHIFT_EMPTY"
  | "JOURNAL_BROKEN"
  | "TICKET_KEY_GONE"
  | "LABEL_NOT_PRINTED"
  | "KEYSTORE_DIFFERS"
  | "TENANT_DIFFERS"
  | "SETTING_INVALID"
  | "CONFIG_FILE_BROKEN"
  | "CONFIG_FILE_OPEN"
  | "PLACES_OVERLAP"
  | "DATABASE_UNAVAILABLE"
  | "DATABASE_FAILED"
  | "DATABASE_FULL"
  | "DATABASE_AHEAD"
  | "DATABASE_TOO_OLD"
  | "MIGRATION_CHANGED"
  | "ROW_UNREADABLE"
  | "WEEK_ALIVE"
  | "EMBEDDED_UNSUPPORTED"
  | "EMBEDDED_FAILED"
  | "EMBEDDED_NO_USER"
  | "EMBEDDED_OWNER"
  | "EMBEDDED_VERSION"
  | "SELFTEST_FAILED"
  | "SUITE_UNKNOWN"
  | "ENVELOPE_CUT"
  | "ENVELOPE_VERSION"
  | "ENVELOPE_BROKEN"
  | "KEY_UNKNOWN"
  | "KEY_DESTROYED"
  | "KEY_CHANGE_EARLY"
  | "KEYSTORE_BUSY"
  | "KEYSTORE_PERMISSIONS"
  | "KEYSTORE_ROOT_MISSING"
  | "KEYSTORE_ROOT_WRONG"
  | "KEYSTORE_ROOT_UNAVAILABLE"
  | "KEYSTORE_BROKEN"
  | "KEYSTORE_ROOT_FIXED"
  | "KEYSTORE_ROOT_SAME"
  | "KEYSTORE_UNREACHABLE"
  | "KEYSTORE_NOT_EMPTY"
  | "KEYSTORE_RESTORING"
  | "KEY_BACKUP_BROKEN"
  | "KEY_BACKUP_FOREIGN"
  | "KEY_OFFLINE_WRONG"
  | "KEY_COPY_UNKNOWN"
  | "BACKUP_EXTERNAL"
  | "BACKUP_TARGET"
  | "BACKUP_TABLESPACE"
  | "BACKUP_BROKEN"
  | "BACKUP_FAILED"
  | "KEY_CLOSING"
  | "KEY_HELD"
  | "KEY_NOT_LEASED"
  | "INDEX_KEY_NEEDED"
  | "KEYSTORE_FAILED"
  | "SWEEP_UNREACHABLE"
  | "SWEEP_REFUSED"
  | "SWEEP_TABLE_UNKNOWN"
  | "SWEEP_COLUMN_UNKNOWN"
  | "SWEEP_COLUMN_TYPE"
  | "SWEEP_KEY_WRONG"
  | "SWEEP_OBSTACLE"
  | "SWEEP_RUNNING"
  | "TICKET_CUT"
  | "TICKET_ALTERED"
  | "TICKET_VERSION"
  | "TICKET_OTHER_WAYBILL"
  | "TICKET_VOID"
  | "TICKET_BROKEN"
  | "PICTURE_UNREADABLE"
  | "PICTURE_WITHOUT_TICKET"
  | "REPRINT_REASON_MISSING"
  | "WARRANT_NEEDED"
  | "WARRANT_BOUNDS"
  | "WARRANT_UNKNOWN"
  | "WARRANT_LISTLESS"
  | "WARRANT_SAME_OFFICER"
  | "WARRANT_CONFIRMED"
  | "INTERNAL";
