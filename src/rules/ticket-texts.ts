/** What the commands say that open tickets, hand devices their keys and run the print agent. */

export const TICKET_TEXTS = {
  "cli.ticket": {
    zh: "面单密码:面单二维码中密封的内容",
    en: "tickets: what a label's code holds sealed",
  },
  "cli.ticket.open": {
    zh: "解开一个面单密码,等同查看明文,先留痕(- 从标准输入读)",
    en: "open a ticket; a reveal like any other, logged first (- reads standard input)",
  },
  "cli.ticket.picture": { zh: "面单照片(PNG 或 JPEG)", en: "a picture of the label, PNG or JPEG" },
  "cli.ticket.token": {
    zh: "包裹上的密单号;与面单密码不符即拒绝",
    en: "token of the parcel; a ticket of another one is refused",
  },
  "cli.ticket.fields": {
    zh: "只要这些字段:name、phone、address(单元房号)",
    en: "only these: name, phone, address (unit and room)",
  },
  "ticket.of": { zh: "密单号 {token},第 {number} 次打印", en: "Token {token}, print {number}" },
  "ticket.leftOut": {
    zh: "{field}:放不下,未写入面单密码",
    en: "{field}: the ticket had no room for it",
  },
  "ticket.contact": { zh: "联系方式", en: "contact" },
  "ticket.room": { zh: "单元房号", en: "unit and room" },
  "ticket.name": { zh: "姓名", en: "name" },
} as const;
