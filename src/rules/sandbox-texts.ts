/** What `midan sandbox` says. */

export const SANDBOX_TEXTS = {
  "cli.sandbox": {
    zh: "在独立目录中建立并运行演练环境(全部为虚构数据)",
    en: "make and serve a sandbox of invented data, in a folder of its own",
  },
  "cli.sandbox.dir": { zh: "演练环境的目录", en: "folder of the sandbox" },
  "cli.sandbox.reset": {
    zh: "先删除该目录中的演练环境,再重新建立",
    en: "delete the sandbox in that folder first, and make it anew",
  },
  "sandbox.ready": {
    zh: "演练环境(数据均为虚构,请勿放入真实订单):{address}",
    en: "Sandbox (all data invented; put no real orders into it): {address}",
  },
  "sandbox.accounts": {
    zh: "各角色的账号、密码和接口密钥,以及各状态的运单:{place}(仅本人可读)",
    en: "Accounts and keys of each role, waybills in each state: {place} (yours alone)",
  },
  "sandbox.calls": { zh: "可以这样调用:", en: "First calls:" },
  "docs.sandbox": {
    zh: "这是演练环境:数据均为虚构,请勿放入真实订单。",
    en: "This is a sandbox: all data is invented; put no real orders into it.",
  },
} as const;
