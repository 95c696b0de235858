/** What is still thin in this first telling, said on the page as well. */
import type { StoryFacts } from "./facts.ts";

export const THIN: StoryFacts["thin"] = [
  {
    zh: "抽查看的是印出的文字,不是面单照片;识图在后续版本",
    en: "the spot check reads printed strings, not photographs; pictures come later",
  },
  {
    zh: "区间按简单随机抽样给出;同一网点的面单彼此相像,真实的精度低于区间所示(加权估计见附录)",
    en:
      "intervals are those of a simple random sample; labels of one outlet are alike, so the " +
      "truth is less sure than they say (the weighted estimate is in the appendix)",
  },
  {
    zh: "旧系统与其中的明文由本故事扮演;锁定之前的打印不经过密单",
    en: "the old systems are played by this story; what printed before the lock was not Midan",
  },
  {
    zh: "由哪个网点打印,由命令指定;账号归属网点在后续版本",
    en: "which outlet prints is what the command says; accounts that belong to one come later",
  },
  {
    zh: "锁定之后仍不合规的,是一家用自有软件打印的商家的面单:它不经过密单,锁定管不到它",
    en:
      "what does not comply after the lock are labels that one merchant prints with software of " +
      "its own: they do not pass through Midan, and no lock reaches them",
  },
  {
    zh: "清理只做了一张 PostgreSQL 表;MySQL、整库发现与备份在后续版本",
    en: "the sweep masks one PostgreSQL table; MySQL, discovery and backups come later",
  },
  {
    zh:
      "日志进入已签名的哈希树(midan verify-log 可独立验证),但故事里没有请见证人;" +
      "时钟由故事拨动,数据库自记的时间是运行当天",
    en:
      "the log is a signed tree that midan verify-log checks, no witness asked in the story; " +
      "the story moves the clock, while the database's own times are those of the run",
  },
  {
    zh: "考核分的权重是我们自定的;查看、培训、到期销毁按企业统计,不分网点",
    en: "the score's weights are ours; reveals, training and erasure count by carrier, not outlet",
  },
  {
    zh: "检察建议书是草稿:起草依据可复核,文字须经检察官审核",
    en: "the recommendation is a draft: its facts can be checked, its words need a prosecutor",
  },
];
