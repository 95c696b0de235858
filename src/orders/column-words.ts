import type { Field, OrderField, PartyField, PlatformField, Role } from "./field.ts";

/**
 * Headings as merchants write them, collected from the export formats of shops and carriers. All
 * words stand in the form that `normaliseHeading` gives: NFKC, lower case, simplified characters,
 * letters and digits only. Where one field has several words, an earlier word wins over a later one
 * (a mobile before a landline before a number-protection number).
 */

/** Words for a party that alone already mean its name: 收件人 is the recipient's name. */
const PERSONS: Readonly<Record<Role, readonly string[]>> = {
  recipient: [
    ..."收件人 收货人 收件方 收货方 收方 收件联系人 收货联系人".split(" "),
    ..."receiver recipient consignee addressee".split(" "),
  ],
  sender: [
    ..."寄件人 发件人 发货人 寄件方 发件方 发货方 寄方 寄件联系人 发货联系人".split(" "),
    ..."sender shipper consignor".split(" "),
  ],
};

/** Words that name a party only together with what follows: 收货 + 电话, ship to + name. */
const STEMS: Readonly<Record<Role, readonly string[]>> = {
  recipient: "收件 收货 收 客户 买家 shipto shipping delivery to buyer customer".split(" "),
  sender: "寄件 发件 发货 寄 shipfrom from".split(" "),
};

const PARTY_WORDS: Readonly<Record<PartyField, readonly string[]>> = {
  name: "姓名 名字 名称 名 联系人 name fullname contactname".split(" "),
  phone: [
    ..."手机 手机号 手机号码 联系手机 移动电话 mobile mobilephone mobileno mobilenumber".split(" "),
    ..."cellphone 电话 电话号码 联系电话 联系方式 电话手机 手机电话 phone phoneno".split(" "),
    ..."phonenumber tel telno telephone contactphone contactnumber".split(" "),
    ..."固话 固定电话 座机 座机号码 landline 虚拟号 虚拟号码 隐私号 隐私号码 virtualphone".split(
      " ",
    ),
  ],
  province: "省 省份 省市自治区 所在省 province provincename state".split(" "),
  city: "市 城市 地市 所在市 city cityname".split(" "),
  district: "区 县 区县 县区 市区县 地区 所在区 district districtname county area".split(" "),
  town: "街道 乡镇 街道乡镇 乡镇街道 镇 town townname township subdistrict".split(" "),
  address: [
    ..."详细地址 街道地址 地址 完整地址 地址详情 详址 detailaddress addressdetail".split(" "),
    ..."addressline1 address1 address fulladdress streetaddress street addr detail".split(" "),
  ],
  address_2: "地址2 address2 addressline2 门牌号 门牌 unit apartment".split(" "),
};

/** Party words too vague to stand alone: a bare 名称 or "detail" may be anything. */
const NOT_ALONE: ReadonlySet<string> = new Set(["名", "名称", "detail", "area", "unit"]);

const ORDER_WORDS: Readonly<Record<OrderField, readonly string[]>> = {
  order_number: [
    ..."订单号 订单编号 订单号码 订单id 主订单编号 主订单号 商户订单号 平台订单号 平台单号".split(
      " ",
    ),
    ..."交易号 交易编号 子订单编号 orderid orderno ordernumber ordersn ordercode".split(" "),
    ..."tid tradeid outorderid merchantorderno platformorderno referenceno".split(" "),
  ],
  waybill_number: [
    ..."运单号 运单编号 运单号码 快递单号 快递编号 快递号 物流单号 物流编号 物流运单号".split(" "),
    ..."面单号 电子面单号 运单 waybillno waybillnumber waybillcode waybillid waybill".split(" "),
    ..."trackingno trackingnumber trackingid trackingcode tracking awb mailno".split(" "),
    ..."expressno expressnumber logisticsno shipmentno".split(" "),
  ],
  carrier: [
    ..."快递公司 物流公司 快递公司名称 物流公司名称 快递名称 承运商 承运公司 配送公司".split(" "),
    ..."快递 物流 carrier carriername courier expresscompany logisticscompany".split(" "),
    ..."shippingcarrier logisticsname cpcode".split(" "),
  ],
  merchant: [
    ..."店铺 店铺名称 店铺名 店名 商家 商家名称 商户 商户名称 货主 shop shopname".split(" "),
    ..."store storename merchant merchantname merchantid seller sellername".split(" "),
  ],
  goods: [
    ..."商品 商品名称 商品信息 商品标题 货品 货品名称 货物 货物名称 物品 物品名称".split(" "),
    ..."宝贝标题 宝贝名称 品名 内件品名 内件 托寄物 goods goodsname item items".split(" "),
    ..."itemname product productname commodity contents content cargo".split(" "),
  ],
  remark: [
    ..."备注 买家留言 买家备注 客户备注 订单备注 配送备注 留言 卖家备注 remark remarks".split(" "),
    ..."note notes buyermessage buyernote message memo comment comments".split(" "),
  ],
  sort_code: "三段码 大头笔 分拣码 路由码 目的地码 sortcode sortingcode routecode".split(" "),
};

/** Of ERP sheets that gather the orders of several platforms. */
const PLATFORM_WORDS: Readonly<Record<PlatformField, readonly string[]>> = {
  platform: "平台 平台名称 来源平台 电商平台 订单平台 platform".split(" "),
  platform_token: "oaid 收件人id 平台令牌 openaddressid ewaybillordercode platformtoken".split(" "),
  masked_name: "脱敏姓名 脱敏收件人 maskedname".split(" "),
  masked_phone: "脱敏电话 脱敏手机 maskedphone".split(" "),
  masked_address: "脱敏地址 maskedaddress".split(" "),
  virtual_phone: "虚拟手机号 virtualtelnumber".split(" "),
  virtual_extension: "分机 分机号 extension".split(" "),
};

/** What a heading means: the field, and its rank among the words of that field (0 is best). */
export interface Meaning {
  readonly field: Field;
  readonly rank: number;
  /** True when the heading itself does not say whose it is, as a plain 电话 does not. */
  readonly bare: boolean;
}

function partyMeanings(role: Role): [string, Meaning][] {
  const prefixes = [...PERSONS[role], ...STEMS[role]];
  const names = PERSONS[role].map((word, rank): [string, Meaning] => [
    word,
    { field: `${role}_name`, rank, bare: false },
  ]);
  // Object.entries widens the keys to string; PARTY_WORDS has exactly the keys of PartyField.
  const words = Object.entries(PARTY_WORDS) as [PartyField, readonly string[]][];
  const prefixed = words.flatMap(([field, list]) =>
    list.flatMap((word, rank) =>
      prefixes.map((prefix, turn): [string, Meaning] => [
        prefix + word,
        { field: `${role}_${field}`, rank: rank * prefixes.length + turn, bare: false },
      ]),
    ),
  );
  return [...prefixed, ...names];
}

function bareMeanings(): [string, Meaning][] {
  // As above: exactly the keys of PartyField.
  const words = Object.entries(PARTY_WORDS) as [PartyField, readonly string[]][];
  return words.flatMap(([field, list]) =>
    list
      .filter((word) => !NOT_ALONE.has(word))
      .map((word, rank): [string, Meaning] => [
        word,
        { field: `recipient_${field}`, rank: BARE_RANK + rank, bare: true },
      ]),
  );
}

function orderMeanings(): [string, Meaning][] {
  // Exactly the keys of both, as above.
  const words = Object.entries({ ...ORDER_WORDS, ...PLATFORM_WORDS }) as [
    OrderField | PlatformField,
    readonly string[],
  ][];
  return words.flatMap(([field, list]) =>
    list.map((word, rank): [string, Meaning] => [word, { field, rank, bare: false }]),
  );
}

/** A heading that says whose it is comes before every one that does not. */
const BARE_RANK = 1_000;

/** Every known heading, normalised, and what it means. The later lists win where words meet. */
export const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...bareMeanings(),
  ...partyMeanings("recipient"),
  ...partyMeanings("sender"),
  ...orderMeanings(),
]);
