/** What `midan break-glass` says. */

export const BREAK_GLASS_TEXTS = {
  "cli.break-glass": {
    zh: "应急查看:理由、凭证、限时,事后核查",
    en: "break-glass: reason, evidence, minutes, acknowledged afterwards",
  },
  "cli.break-glass.open": {
    zh: "应急开启一件:限时内可按用途 midan reveal",
    en: "open one waybill in an emergency: midan reveal works for the minutes given",
  },
  "cli.break-glass.reason": {
    zh: "理由;- 从标准输入读一行",
    en: "reason; - reads one line of standard input",
  },
  "cli.break-glass.evidence": {
    zh: "照片或文件(JPEG、PNG、PDF,2 MiB 以内)",
    en: "photo or document (JPEG, PNG, PDF, up to 2 MiB)",
  },
  "cli.break-glass.minutes": { zh: "时长,1 至 60 分钟", en: "for how many minutes, 1 to 60" },
  "cli.break-glass.list": {
    zh: "待核查的应急查看",
    en: "what waits to be acknowledged",
  },
  "cli.break-glass.all": { zh: "也列出已核查的", en: "list the acknowledged ones too" },
  "cli.break-glass.acknowledge": {
    zh: "个人信息保护负责人核查;无理由的即时终止",
    en: "say what is thought of it, as the privacy officer; an unjustified one ends at once",
  },
  "cli.break-glass.finding": {
    zh: "justified(有理由)或 unjustified(无理由)",
    en: "justified or unjustified",
  },
  "cli.break-glass.show": {
    zh: "打开凭证副本,写入文件,留痕",
    en: "open the copy of the evidence into a file; logged",
  },
  "cli.break-glass.out": { zh: "写入的新文件", en: "new file to write" },
  "break-glass.opened": {
    zh: "应急查看已开启:{id},至 {until};已告知个人信息保护负责人",
    en: "Open in an emergency: {id}, until {until}; the privacy officer is told",
  },
  "break-glass.none": { zh: "没有待核查的应急查看", en: "Nothing waits to be acknowledged" },
  "break-glass.row": {
    zh: "{id} {at} {actor},查看 {looks} 次,理由:{reason}:{state}",
    en: "{id} {at} {actor}, {looks} looks, reason: {reason}: {state}",
  },
  "break-glass.waiting": { zh: "待核查", en: "waits" },
  "break-glass.done": { zh: "已核查:{finding}", en: "acknowledged: {finding}" },
  "break-glass.acknowledged": { zh: "已核查:{finding}", en: "Acknowledged: {finding}" },
  "break-glass.shown": { zh: "凭证已写入文件", en: "The evidence is in the file" },
} as const;
