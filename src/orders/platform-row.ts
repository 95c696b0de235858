/**
 * The shapes in which shop platforms hand orders to an ERP: for each platform where a field stands,
 * how its ciphertexts are framed, how long its token is, and by what its orders are known.
 *
 * A place is the end of a path: `address_info.user_name` is found under whatever lies above it.
 * Case, `_` and `-` do not count. Of several places the first that is filled counts. Sources and
 * what is not known: docs/adapters.md.
 */
import type { Platform } from "../rules/platform.ts";
import type { Field } from "./field.ts";
import { TOKEN_CHARS_MAX } from "./platform-text.ts";
import type { CipherFrame, TokenForm } from "./platform-text.ts";

export interface PlatformRow {
  /** An order that has all places of one of these lists is the platform's. */
  readonly marks: readonly (readonly string[])[];
  readonly frame: CipherFrame;
  readonly token: TokenForm;
  readonly places: Partial<Readonly<Record<Field, readonly string[]>>>;
}

const OPAQUE: TokenForm = { charsMax: TOKEN_CHARS_MAX };

export const PLATFORM_ROWS: Readonly<Record<Platform, PlatformRow>> = {
  taobao: {
    marks: [["oaid", "tid"]],
    frame: "none",
    // taobao.top.oaid.decrypt: an OAID has at most 128 characters.
    token: { charsMax: 128 },
    places: {
      order_number: ["tid"],
      merchant: ["seller_nick"],
      platform_token: ["oaid"],
      recipient_name: ["receiver_name"],
      recipient_phone: ["receiver_mobile", "receiver_phone"],
      recipient_province: ["receiver_state"],
      recipient_city: ["receiver_city"],
      recipient_district: ["receiver_district"],
      recipient_town: ["receiver_town"],
      recipient_address: ["receiver_address"],
      remark: ["buyer_message"],
    },
  },
  pinduoduo: {
    marks: [
      ["order_sn", "open_address_id"],
      ["order_sn", "receiver_name_mask"],
      ["order_sn", "receiver_phone_mask"],
    ],
    frame: "delimited",
    token: OPAQUE,
    places: {
      order_number: ["order_sn"],
      waybill_number: ["tracking_number"],
      platform_token: ["open_address_id"],
      recipient_name: ["receiver_name"],
      recipient_phone: ["contact_mobile", "receiver_phone"],
      recipient_province: ["province"],
      recipient_city: ["city"],
      recipient_district: ["town", "district"],
      recipient_address: ["receiver_address", "address"],
      masked_name: ["receiver_name_mask"],
      masked_phone: ["receiver_phone_mask"],
      masked_address: ["receiver_address_mask", "address_mask"],
      virtual_extension: ["virtual_identify_number"],
      goods: ["goods_name"],
      remark: ["buyer_memo"],
    },
  },
  douyin: {
    marks: [
      ["order_id", "mask_post_receiver"],
      ["order_id", "encrypt_post_receiver"],
      ["order_id", "encrypt_post_tel"],
    ],
    frame: "delimited",
    token: OPAQUE,
    places: {
      order_number: ["order_id"],
      merchant: ["shop_name"],
      platform_token: ["open_address_id"],
      recipient_name: ["encrypt_post_receiver", "post_receiver"],
      recipient_phone: ["encrypt_post_tel", "post_tel"],
      recipient_province: ["post_addr.province.name", "mask_post_addr.province.name"],
      recipient_city: ["post_addr.city.name", "mask_post_addr.city.name"],
      recipient_district: ["post_addr.town.name", "mask_post_addr.town.name"],
      recipient_town: ["post_addr.street.name", "mask_post_addr.street.name"],
      recipient_address: ["post_addr.encrypt_detail", "encrypt_detail", "post_addr.detail"],
      masked_name: ["mask_post_receiver"],
      masked_phone: ["mask_post_tel"],
      masked_address: ["mask_post_addr.detail"],
      remark: ["buyer_words"],
    },
  },
  jd: {
    marks: [
      ["oaid", "order_id"],
      ["oaid", "consignee_info.fullname"],
    ],
    frame: "base64",
    token: OPAQUE,
    places: {
      order_number: ["order_id"],
      platform_token: ["oaid"],
      recipient_name: ["consignee_info.fullname", "fullname"],
      recipient_phone: ["consignee_info.mobile", "consignee_info.telephone", "mobile"],
      recipient_province: ["consignee_info.province", "province"],
      recipient_city: ["consignee_info.city", "city"],
      recipient_district: ["consignee_info.county", "county"],
      recipient_town: ["consignee_info.town", "town"],
      recipient_address: ["consignee_info.full_address", "full_address"],
      masked_name: ["desen_fullname"],
      masked_phone: ["desen_mobile", "desen_telephone"],
      masked_address: ["desen_full_address"],
      remark: ["order_remark"],
    },
  },
  kuaishou: {
    marks: [
      ["oid", "encrypted_consignee"],
      ["oid", "desensitise_consignee"],
      ["order_id", "encrypted_consignee"],
      ["order_id", "desensitise_consignee"],
    ],
    frame: "delimited",
    token: OPAQUE,
    places: {
      order_number: ["oid", "order_id"],
      platform_token: ["open_address_id"],
      recipient_name: ["encrypted_consignee"],
      recipient_phone: ["encrypted_mobile"],
      recipient_province: ["order_address.province", "province"],
      recipient_city: ["order_address.city", "city"],
      recipient_district: ["order_address.district", "district"],
      recipient_town: ["order_address.town", "town"],
      recipient_address: ["encrypted_address"],
      masked_name: ["desensitise_consignee"],
      masked_phone: ["desensitise_mobile"],
      masked_address: ["desensitise_address"],
    },
  },
  "wechat-shop": {
    marks: [["order_id", "ewaybill_order_code"]],
    frame: "none",
    token: OPAQUE,
    places: {
      order_number: ["order_id"],
      platform_token: ["ewaybill_order_code"],
      recipient_name: ["address_info.user_name", "user_name"],
      recipient_phone: ["address_info.tel_number", "tel_number"],
      recipient_province: ["address_info.province_name", "province_name"],
      recipient_city: ["address_info.city_name", "city_name"],
      recipient_district: ["address_info.county_name", "county_name"],
      recipient_address: ["address_info.detail_info", "detail_info"],
      virtual_phone: ["tel_number_ext_info.virtual_tel_number", "virtual_tel_number"],
      remark: ["customer_notes"],
    },
  },
  // Last, since what marks it is part of what marks others.
  xiaohongshu: {
    marks: [
      ["order_id", "open_address_id", "receiver_name"],
      ["order_id", "open_address_id", "receiver_province_name"],
    ],
    frame: "delimited",
    token: { charsMax: 32, hexDigits: 32 },
    places: {
      order_number: ["order_id"],
      platform_token: ["open_address_id"],
      recipient_name: ["receiver_name"],
      recipient_phone: ["receiver_phone"],
      recipient_province: ["receiver_province_name"],
      recipient_city: ["receiver_city_name"],
      recipient_district: ["receiver_district_name"],
      recipient_town: ["receiver_town_name"],
      recipient_address: ["receiver_address"],
      masked_name: ["masked_receiver_name"],
      masked_phone: ["masked_receiver_phone"],
      masked_address: ["masked_receiver_address"],
      remark: ["customer_remark"],
    },
  },
};
