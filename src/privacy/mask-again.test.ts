import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maskText } from "./free-text.ts";
import { buildGazetteer } from "./gazetteer.ts";
import { PROFILES, type MaskProfile } from "./mask-profile.ts";
import { maskName } from "./name.ts";
import { maskPhone } from "./phone.ts";

const GAZETTEER = buildGazetteer("");
const PROFILE = fc.constantFrom<MaskProfile>(...Object.values(PROFILES));
const NAME = fc.oneof(
  fc.stringMatching(/^[陈李王赵][小满梅晓林]{1,2}$/),
  fc.stringMatching(/^欧阳[小满梅晓林]{1,2}$/),
  fc.stringMatching(/^[陈李][小满](女士|先生|老师)$/),
  fc.constantFrom(
    "陈",
    "青禾五金店",
    "青禾纸品有限公司",
    "艾山·吐尔洪",
    "Mary Lee",
    "陈 小满",
    "陈小满🌸",
  ),
);
const MOBILE = fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String);
const PHONE = fc
  .tuple(
    MOBILE,
    fc.constantFrom("", "+86 ", "0086", "0", "17951"),
    fc.constantFrom("", "-1234", "转801", "#55"),
  )
  .map(([number, prefix, extension]) => prefix + number + extension);

test("P3: masking a mask of a name or a phone changes nothing", () => {
  fc.assert(
    fc.property(NAME, PHONE, PROFILE, (name, phone, profile) => {
      const maskedName = maskName(name, profile).masked;
      assert.equal(maskName(maskedName, profile).masked, maskedName);
      const maskedPhone = maskPhone(phone, profile);
      assert.equal(maskPhone(maskedPhone, profile), maskedPhone);
    }),
    { numRuns: 500 },
  );
});

test("P3: masking a masked remark changes nothing", () => {
  fc.assert(
    fc.property(NAME, MOBILE, PROFILE, (name, phone, profile) => {
      const once = maskText(`请转交${name},电话${phone},谢谢`, profile, GAZETTEER).masked;
      assert.equal(maskText(once, profile, GAZETTEER).masked, once);
    }),
  );
});

test("P3: strict hides all that gb41833 hides", () => {
  fc.assert(
    fc.property(NAME, PHONE, (name, phone) => {
      const pairs = [
        [maskName(name, PROFILES.gb41833).masked, maskName(name, PROFILES.strict).masked],
        [maskPhone(phone, PROFILES.gb41833), maskPhone(phone, PROFILES.strict)],
      ] as const;
      for (const [standard, strict] of pairs) {
        for (let at = 0; at < standard.length; at += 1)
          if (standard[at] === "*") assert.equal(strict[at], "*", `${standard} ${strict}`);
      }
    }),
    { numRuns: 500 },
  );
});
