/** The provisions that a recommendation may rest on, in the words a letter uses. */
import type { Basis } from "./deadline.ts";

interface LegalBasisRow extends Basis {
  /** A recommended standard (推荐性标准) is a measure, not a duty, and letters must say so. */
  readonly binding: boolean;
  /** The place as a Chinese letter cites it. */
  readonly placeZh: string;
  readonly zh: string;
  readonly en: string;
}

export const LEGAL_BASES = {
  "pipl-51": {
    instrument: "个人信息保护法",
    version: "2021-11-01",
    article: "51(3)",
    placeZh: "第51条第3项",
    binding: true,
    zh: "个人信息处理者应当采取加密、去标识化等安全技术措施",
    en: "processors shall take technical measures such as encryption and de-identification",
  },
  "pipl-19": {
    instrument: "个人信息保护法",
    version: "2021-11-01",
    article: "19, 47",
    placeZh: "第19条、第47条",
    binding: true,
    zh: "个人信息的保存期限应当为实现处理目的所必要的最短时间,目的已实现的应当主动删除",
    en: "data is kept for the shortest time its purpose needs and is then deleted unasked",
  },
  "market-36": {
    instrument: "快递市场管理办法",
    version: "2024-03-01",
    article: "36(1)",
    placeZh: "第36条第1款",
    binding: true,
    zh: "经营快递业务的企业应当采取加密、去标识化等安全技术措施保护快递运单信息安全",
    en: "express firms shall protect waybills by encryption, de-identification and the like",
  },
  "market-40": {
    instrument: "快递市场管理办法",
    version: "2024-03-01",
    article: "40",
    placeZh: "第40条",
    binding: true,
    zh: "总部快递企业对网络与信息安全等实行统一管理",
    en: "headquarters manage network and information security for the whole network",
  },
  "express-35": {
    instrument: "快递暂行条例",
    version: "2025-06-01",
    article: "35(1)",
    placeZh: "第35条第1款",
    binding: true,
    zh: "应当建立快递运单及电子数据管理制度,妥善保管用户信息,定期销毁快递运单",
    en: "firms keep rules for waybills and electronic data and destroy waybills regularly",
  },
  "express-47": {
    instrument: "快递暂行条例",
    version: "2025-06-01",
    article: "46, 47",
    placeZh: "第46条、第47条",
    binding: true,
    zh: "邮政管理部门应当依法监督检查,随机抽取检查对象和检查人员",
    en: "the postal authority inspects, drawing firms and inspectors at random",
  },
  "gb-41833": {
    instrument: "GB/T 41833-2022《快递电子运单》",
    version: "2022",
    article: "personal-information chapter",
    placeZh: "个人信息章",
    binding: false,
    zh: "姓名应隐藏1个汉字以上,联系电话应隐藏6位以上,地址应隐藏单元户室号",
    en:
      "a name hides a character or more, a phone six digits or more, an address its unit and " +
      "room",
  },
} as const satisfies Record<string, LegalBasisRow>;

export type LegalBasis = keyof typeof LEGAL_BASES;
