/** What the commands say that print labels. */

export const LABEL_TEXTS = {
  "cli.seal.labels": {
    zh: "同时输出脱敏面单:pdf、zpl、tspl 或 cpcl",
    en: "also write masked labels: pdf, zpl, tspl or cpcl",
  },
  "cli.label": { zh: "重新输出一张脱敏面单", en: "print one masked label again" },
  "cli.label.out": {
    zh: "输出文件;不写 --format 时按扩展名定格式",
    en: "output file; its extension says the format unless --format does",
  },
  "cli.label.format": {
    zh: "格式:pdf、png、svg、zpl、tspl 或 cpcl",
    en: "format: pdf, png, svg, zpl, tspl or cpcl",
  },
  "cli.label.size": {
    zh: "纸张(毫米):76x130、100x110、100x150、100x177、100x180 或 100x203",
    en: "paper in mm: 76x130, 100x110, 100x150, 100x177, 100x180 or 100x203",
  },
  "cli.label.dpi": { zh: "分辨率:203 或 300", en: "resolution: 203 or 300" },
  "cli.label.merchantText": {
    zh: "商家自定义区的文字;同样要过检查,含个人信息不予打印",
    en: "text of the merchant's own area; linted too, refused if it shows personal data",
  },
  "cli.label.preview": {
    zh: "只看不打:盖有预览字样的 PNG,标出隐藏之处,不计打印",
    en: "only to look at: a PNG stamped as preview, what is hidden marked; counts as no print",
  },
  "label.preview": { zh: "预览已写入 {path}", en: "Preview written to {path}" },
  "cli.label.ticket": {
    zh: "在二维码中放入面单密码(密封的姓名、电话、单元房号)",
    en: "put a ticket into the 2-D code: name, phone, unit and room, sealed",
  },
  "cli.label.reason": {
    zh: "补打原因:damaged、lost、misprint、corrected、repacked、returned 或 resumed",
    en: "why again: damaged, lost, misprint, corrected, repacked, returned or resumed",
  },
  "cli.label.printer": {
    zh: "合规声明中记录的打印机名称",
    en: "the printer, as the statement shall name it",
  },
  "label.done": { zh: "面单已写入 {path}", en: "Label written to {path}" },
} as const;
