/** Which command shows which paragraph of the story. */
import type { Both } from "./page-html.ts";

interface Paragraph extends Both {
  readonly chapter: number;
  readonly command: string;
}

export const PARAGRAPHS: readonly Paragraph[] = [
  {
    zh: "约九成运单明文显示",
    en: "about nine waybills in ten in the clear",
    chapter: 2,
    command: "midan campaign open · look · result",
  },
  {
    zh: "平台、商家无统一标准",
    en: "no common private waybill for platforms and merchants",
    chapter: 4,
    command: "midan case order · prove",
  },
  {
    zh: "运单加密、去标识化",
    en: "waybills sealed and de-identified",
    chapter: 5,
    command: "midan seal · midan label",
  },
  {
    zh: "总部统一操作或授权",
    en: "headquarters must operate or authorise",
    chapter: 3,
    command: "midan policy request · answer · lock",
  },
  {
    zh: "业务系统定期消除或屏蔽",
    en: "business systems erase or mask on schedule",
    chapter: 6,
    command: "midan sweep plan · run",
  },
  {
    zh: "全流程规范,到期删除",
    en: "the whole life of data ruled, deletion when due",
    chapter: 7,
    command: "midan shred --due",
  },
  {
    zh: "检察建议,行政公益诉讼诉前程序",
    en: "the recommendation before any suit",
    chapter: 4,
    command: "midan case open · move · letter",
  },
  {
    zh: "代表建议衔接转化",
    en: "a deputy's suggestion, linked",
    chapter: 4,
    command: "midan case link",
  },
  {
    zh: "安全管理责任考核、培训",
    en: "responsibility scores and training",
    chapter: 8,
    command: "midan campaign scores · midan org training",
  },
  {
    zh: "抽查,加密率超过九成",
    en: "the second spot check, over nine in ten",
    chapter: 8,
    command: "midan campaign open · look · result",
  },
];
