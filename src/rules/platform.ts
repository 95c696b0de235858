/** The shop platforms (电商平台) whose orders come with the recipient withheld. */

interface PlatformName {
  readonly zh: string;
  readonly en: string;
  /** Other writings that files use, lower case. */
  readonly also: readonly string[];
}

export const PLATFORMS = {
  taobao: { zh: "淘宝", en: "Taobao", also: ["tmall", "天猫", "淘宝天猫", "tb"] },
  pinduoduo: { zh: "拼多多", en: "Pinduoduo", also: ["pdd"] },
  douyin: { zh: "抖音", en: "Douyin", also: ["抖店", "doudian"] },
  jd: { zh: "京东", en: "JD", also: ["jingdong", "京东商城"] },
  kuaishou: { zh: "快手", en: "Kuaishou", also: ["快手小店", "ks"] },
  xiaohongshu: { zh: "小红书", en: "Xiaohongshu", also: ["xhs", "red"] },
  "wechat-shop": {
    zh: "微信小店",
    en: "WeChat Shop",
    also: ["视频号小店", "视频号", "wechat", "微信"],
  },
} as const satisfies Record<string, PlatformName>;

export type Platform = keyof typeof PLATFORMS;

// Object.keys widens; PLATFORMS has exactly the keys of Platform.
export const PLATFORM_NAMES = Object.keys(PLATFORMS) as readonly Platform[];

/** The platform that `text` names, in any of its writings; null when it names none of these. */
export function platformOf(text: string): Platform | null {
  const wanted = text.trim().toLowerCase();
  const found = PLATFORM_NAMES.find((name) => {
    const { zh, en, also }: PlatformName = PLATFORMS[name];
    return name === wanted || zh === wanted || en.toLowerCase() === wanted || also.includes(wanted);
  });
  return found ?? null;
}
