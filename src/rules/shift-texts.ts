/** What the commands say that give handhelds the keys of a shift, and what a handheld says. */

export const SHIFT_TEXTS = {
  "cli.shift": {
    zh: "当班:给手持终端发面单密钥,交班对账",
    en: "shifts: ticket keys for handhelds",
  },
  "cli.shift.register": { zh: "登记手持终端的公钥", en: "register a handheld's public key" },
  "cli.shift.name": { zh: "手持终端的名称", en: "name of the handheld" },
  "cli.shift.end": { zh: "停用一台手持终端", en: "take a handheld out of use" },
  "cli.shift.give": {
    zh: "发放包裹的面单密钥;每件等同查看明文,先留痕",
    en: "give the ticket keys of parcels; each is a reveal, logged first",
  },
  "cli.shift.handheld": { zh: "手持终端编号", en: "id of the handheld" },
  "cli.shift.hours": { zh: "几小时后到期,1 至 24", en: "hours until it is over, 1 to 24" },
  "cli.shift.out": {
    zh: "密钥包文件(只能由该终端打开)",
    en: "the bundle; opens on that handheld only",
  },
  "cli.shift.settle": { zh: "按离线日志对账", en: "settle a shift by its journal" },
  "cli.shift.lost": {
    zh: "终端丢失:该班全部记为下落不明",
    en: "the handheld is lost: nothing of it is accounted for",
  },
  "cli.shift.list": { zh: "手持终端和未对账的班次", en: "handhelds, and shifts not settled" },
  "shift.registered": { zh: "手持终端已登记:{id}", en: "Handheld registered: {id}" },
  "shift.ended": { zh: "手持终端已停用:{id}", en: "Handheld taken out of use: {id}" },
  "shift.given": {
    zh: "已发放 {count} 件,班次 {shift},{until} 到期",
    en: "Keys of {count} parcels given; shift {shift}, over at {until}",
  },
  "shift.balance": {
    zh:
      "发放 {given} = 签收 {delivered} + 退回 {returned} + 下落不明 {unaccounted};" +
      "其中打开过 {opened} 件",
    en:
      "given {given} = delivered {delivered} + returned {returned} + " +
      "unaccounted {unaccounted}; opened {opened}",
  },
  "shift.missing": { zh: "下落不明:{token}", en: "unaccounted for: {token}" },
  "shift.running": {
    zh: "{id}  {parcels} 件,{until} 到期",
    en: "{id}  {parcels} parcels, until {until}",
  },
  "shift.over": {
    zh: "{id}  {parcels} 件,{until} 已到期,未对账",
    en: "{id}  {parcels} parcels, over since {until}, not settled",
  },
  "cli.handheld": { zh: "手持终端(模拟)", en: "a courier's handheld, played on this machine" },
  "cli.handheld.dir": { zh: "手持终端的目录", en: "folder of the handheld" },
  "cli.handheld.new": { zh: "新建手持终端,输出公钥", en: "make a handheld; prints its public key" },
  "cli.handheld.suite": { zh: "算法:intl 或 gm", en: "suite: intl or gm" },
  "cli.handheld.load": { zh: "装入当班密钥包", en: "load the bundle of a shift" },
  "cli.handheld.scan": {
    zh: "离线解开面单密码(- 从标准输入读)",
    en: "open a ticket offline (- reads standard input)",
  },
  "cli.handheld.deliver": { zh: "签收,并删除该件密钥", en: "delivered: lets the parcel's key go" },
  "cli.handheld.return": { zh: "退回,并删除该件密钥", en: "goes back: lets the parcel's key go" },
  "cli.handheld.wipe": { zh: "删除本机全部密钥", en: "let all keys go" },
  "cli.handheld.journal": {
    zh: "输出离线日志,交班用",
    en: "print the journal, to settle the shift",
  },
  "handheld.loaded": { zh: "已装入 {parcels} 件的密钥", en: "Keys of {parcels} parcels loaded" },
  "handheld.gone": { zh: "已登记,密钥已删除", en: "Noted; the key is gone" },
  "handheld.wiped": { zh: "已删除 {parcels} 件的密钥", en: "Keys of {parcels} parcels gone" },
} as const;
