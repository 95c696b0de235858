/** Failures of orders whose recipient a shop platform withholds. */
import type { FailureRow } from "./failure-row.ts";

export const PLATFORM_FAILURES = {
  PLATFORM_UNKNOWN: {
    status: 422,
    zh: "认不出这是哪个平台的订单",
    en: "Which platform the order comes from cannot be told",
    doZh: "写明 platform:taobao、pinduoduo、douyin、jd、kuaishou、xiaohongshu 或 wechat-shop",
    doEn: "Name the platform: taobao, pinduoduo, douyin, jd, kuaishou, xiaohongshu or wechat-shop",
  },
  PLATFORM_TOKEN_MISSING: {
    status: 422,
    zh: "收件人已脱敏,却没有平台的令牌或密文,平台也无法据此发货",
    en: "The recipient is masked and the platform's token or ciphertext is not there",
    doZh: "连同 OAID、open_address_id、ewaybill_order_code 或密文字段一起提交;值以 # 开头时检查是否在 # 处被截断",
    doEn:
      "Send the OAID, open_address_id, ewaybill_order_code or ciphertext fields along; where the " +
      "value begins with #, check whether it was cut there",
  },
  PLATFORM_TOKEN_CUT: {
    status: 422,
    zh: "平台的令牌或密文不完整,像是被截断",
    en: "The platform's token or ciphertext was cut",
    doZh: "检查列宽(密文是明文的 10 至 20 倍)以及 URL 中的 # 是否编码为 %23,重新取订单",
    doEn:
      "Check the width of the column (ciphertext is 10 to 20 times its plaintext) and that # is " +
      "%23 in URLs; fetch the order again",
  },
  PLATFORM_TOKEN_ALTERED: {
    status: 422,
    zh: "平台的令牌或密文被重新编码过:+ 变成了空格,或多了一层 % 编码",
    en: "The platform's token or ciphertext was re-encoded: + became a blank, or % codes were left",
    doZh: "原样传递,URL 中 + 须写成 %2B,且只解码一次;重新取订单",
    doEn: "Pass it on as it is, with + as %2B in URLs, decoded once; fetch the order again",
  },
  PLATFORM_TOKEN_INVALID: {
    status: 422,
    zh: "平台的令牌或密文格式不对",
    en: "The platform's token or ciphertext does not have the platform's form",
    doZh: "核对列是否对应,重新取订单",
    doEn: "Check that the columns are the right ones and fetch the order again",
  },
  VIRTUAL_NUMBER_CUT: {
    status: 422,
    zh: "虚拟号缺少分机号,像是在 # 处被截断",
    en: "The virtual number lost its extension, as if cut at #",
    doZh: "连同分机号一起提交,例如 号码-分机 或 号码#分机#",
    doEn: "Send the extension along, as number-extension or number#extension#",
  },
  PLATFORM_HOLDS: {
    status: 409,
    zh: "该内容由下单平台保管,本系统没有明文",
    en: "The shop's platform holds this; there is no plaintext of it here",
    doZh: "在平台上查看或联系;更改收件信息须在平台更改后重新取订单",
    doEn: "See or change it on the platform, then fetch the order again",
  },
  PLATFORM_TOKEN_NONE: {
    status: 409,
    zh: "该运单不是平台密文订单,没有平台令牌",
    en: "No platform withholds this waybill's recipient, so there is no token of one",
    doZh: "直接打印面单;查看须注明用途",
    doEn: "Print the label; what is sealed here opens for a purpose",
  },
  MACHINE_REQUIRED: {
    status: 403,
    zh: "平台令牌只交给有打印权限的机器",
    en: "A platform's token goes to a machine that may print, and to no person",
    doZh: "用带 print 权限的 API 密钥请求",
    doEn: "Ask with an API key that was made for print",
  },
} as const satisfies Record<string, FailureRow>;
