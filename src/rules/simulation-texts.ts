/** What `midan policy simulate` says. */

export const SIMULATION_TEXTS = {
  "cli.policy.simulate": {
    zh: "模拟:某角色某日能看到什么(--role),或某项更改会拒绝哪些查看",
    en: "what a role could have seen on a day (--role), or what a change would have denied",
  },
  "cli.policy.simulate.role": { zh: "角色,如 courier", en: "role, such as courier" },
  "cli.policy.simulate.branch": {
    zh: "该角色所在机构(名称或编号),默认为本人所在网点或总部",
    en: "where that role stands (name or id), the own branch or headquarters if left out",
  },
  "cli.policy.simulate.lock": { zh: "按锁定模拟", en: "as if it were locked" },
  "cli.policy.simulate.on": { zh: "哪一天,默认昨天", en: "the day, yesterday if left out" },
  "policy.yes": { zh: "是", en: "yes" },
  "policy.no": { zh: "否", en: "no" },
  "policy.simulate.seen": {
    zh: "{organisation} 的 {role} 在 {day} 最多能看到(机构树与权限策略按当时):",
    en: "What {role} at {organisation} could see at most on {day} (tree and policies of then):",
  },
  "policy.simulate.from": {
    zh: "自 {from}:脱敏方案 {profile};须培训:{training}",
    en: "from {from}: mask profile {profile}; training required: {training}",
  },
  "policy.simulate.set": { zh: "权限策略 {digest}", en: "policy set {digest}" },
  "policy.simulate.nothing": { zh: "不能查看", en: "nothing" },
  "policy.simulate.purpose": {
    zh: "{purpose}:{fields};时段 {hours};{until};须有:{takes}",
    en: "{purpose}: {fields}; hours {hours}; {until}; needs: {takes}",
  },
  "policy.simulate.any": { zh: "交付后仍可", en: "also after it was handed over" },
  "policy.simulate.way": { zh: "仅交付前", en: "until it is handed over" },
  "policy.simulate.needs.route": { zh: "运单在本人当天路线上", en: "the parcel on the own route" },
  "policy.simulate.needs.custody": {
    zh: "运单当天在本网点的路线上或在管",
    en: "the parcel on a route of the branch or in its custody that day",
  },
  "policy.simulate.needs.reason": { zh: "书面理由", en: "a written reason" },
  "policy.simulate.limits": { zh: "限额:{limits}", en: "limits of looks: {limits}" },
  "policy.simulate.limit": { zh: "{scope}{span} {limit}", en: "{scope}, {span}: {limit}" },
  "policy.simulate.needs.device": { zh: "已登记设备", en: "a registered device" },
  "policy.simulate.needs.warrant": { zh: "两名人员的调取文书", en: "a warrant of two officers" },
  "policy.simulate.needs.virtual": {
    zh: "收件电话为虚拟号",
    en: "a virtual number as the recipient's phone",
  },
  "policy.simulate.denied": {
    zh: "{day} 共查看 {looked} 次,其中 {count} 次会被该更改拒绝",
    en: "{looked} reveals on {day}, of which the change would have denied {count}",
  },
  "policy.simulate.denied.row": {
    zh: "{at} {entry} {organisation} {person} {purpose}:{code}",
    en: "{at}  {entry}  {organisation}  {person}  {purpose}: {code}",
  },
  "policy.simulate.other": {
    zh: "这项设置不作用于查看",
    en: "This setting does not act on reveals",
  },
  "policy.simulate.part": {
    zh: "当天记录过多,只模拟了最近的部分",
    en: "The day holds too many looks; only the newest were replayed",
  },
  "policy.simulate.virtual": {
    zh: "另有 {count} 次查看了收件电话,日志不记是否虚拟号,未作判断",
    en:
      "{count} more saw the recipient's phone; whether it was a virtual number no entry says, so " +
      "these were not judged",
  },
  "policy.simulate.unknown": {
    zh: "其中 {count} 次查看的账号角色已不可知,未按用途判断",
    en: "{count} of them by accounts whose role nobody knows; purposes were not judged for these",
  },
} as const;
