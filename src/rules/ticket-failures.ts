/** Failures of tickets (面单密码), of devices that open them, of reprints and of the print agent. */
import type { FailureRow } from "./failure-row.ts";

export const TICKET_FAILURES = {
  TICKET_CUT: {
    status: 400,
    zh: "面单密码不完整",
    en: "The ticket is cut short",
    doZh: "重新扫描整个二维码;手工粘贴的请整段复制",
    doEn: "Scan the whole code again; copy all of it where it was pasted",
  },
  TICKET_ALTERED: {
    status: 400,
    zh: "面单密码有误,不是原码或有字符改变",
    en: "This is no ticket, or some of its letters changed",
    doZh: "重新扫描;仍不行则面单已损坏,凭密单号在线查看",
    doEn: "Scan again; if that does not help the label is damaged: use the token, online",
  },
  TICKET_VERSION: {
    status: 400,
    zh: "面单密码的版本本系统不认识",
    en: "The ticket has a version that this program does not know",
    doZh: "升级程序后再试",
    doEn: "Update the program and try again",
  },
  TICKET_OTHER_WAYBILL: {
    status: 409,
    zh: "面单密码属于另一个运单",
    en: "The ticket belongs to another waybill",
    doZh: "核对包裹:面单可能被换贴,交网点处理",
    doEn: "Check the parcel: its label may have been exchanged; hand it to the outlet",
  },
  TICKET_VOID: {
    status: 409,
    zh: "面单已作废:打印之后改过地址",
    en: "The label is void: the address was changed after it was printed",
    doZh: "不要按它投递,换贴新打印的面单",
    doEn: "Do not deliver by it; put the newly printed label on the parcel",
  },
  TICKET_BROKEN: {
    status: 422,
    zh: "面单密码无法解开,可能被改动过",
    en: "The ticket does not open: it may have been tampered with",
    doZh: "不要投递,交网点核对密单号",
    doEn: "Do not deliver; have the outlet check the token",
  },
  PICTURE_UNREADABLE: {
    status: 400,
    zh: "图片读不出来",
    en: "The picture cannot be read",
    doZh: "用 PNG 或 JPEG,不超过 32 MB",
    doEn: "Use a PNG or JPEG of at most 32 MB",
  },
  PICTURE_WITHOUT_TICKET: {
    status: 422,
    zh: "图片里没有面单密码,或不止一个",
    en: "The picture shows no ticket, or more than one",
    doZh: "靠近拍摄一张面单的二维码,避免反光和模糊",
    doEn: "Take the code of one label from near, without glare or blur",
  },
  REPRINT_REASON_MISSING: {
    status: 400,
    zh: "这张面单打印过,补打须说明原因",
    en: "This label was printed before: printing it again needs a reason",
    doZh: "加上 --reason:damaged、lost、misprint、corrected、repacked、returned 或 resumed",
    doEn: "Add --reason: damaged, lost, misprint, corrected, repacked, returned or resumed",
  },
} as const satisfies Record<string, FailureRow>;
