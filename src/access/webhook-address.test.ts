import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isFailure } from "../rules/failure.ts";
import {
  isPublicAddress,
  isRefusedLiteral,
  mayConnect,
  OwnNetworks,
  parseTarget,
} from "./webhook-address.ts";

const NONE = new OwnNetworks([]);

/** Every private, local, special and embedding notation that is known to have been let through. */
const REFUSED = [
  "0.0.0.0",
  "10.0.0.1",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.192",
  "192.168.1.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:a9fe:a9fe",
  "::ffff:10.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "3fff::1",
  "fc00::1",
  "fd00:ec2::254",
  "fe80::1",
  "fec0::1",
  "ff02::1",
];

test("P9: no private, local, special or embedded address is one that a webhook may lead to", () => {
  for (const address of REFUSED) assert.equal(isPublicAddress(address), false, address);
  for (const address of ["1.1.1.1", "223.5.5.5", "172.32.0.1", "2400:3200::1", "2606:4700::1"])
    assert.equal(isPublicAddress(address), true, address);
  for (const word of ["", "localhost", "1.1.1", "1.1.1.1/8", "::g"])
    assert.equal(isPublicAddress(word), false, word);
});

test("P9: every way to write an address in a URL is judged as what it means", () => {
  const ways = [
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:169.254.169.254]/",
    "https://１２７.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
  ];
  for (const way of ways) assert.equal(isRefusedLiteral(NONE, parseTarget(way)), true, way);
  assert.equal(isRefusedLiteral(NONE, parseTarget("https://1.1.1.1/")), false);
});

test("P9: what is no plain web address is no address of a webhook", () => {
  for (const text of [
    "",
    "ftp://a.example/",
    "file:///etc/passwd",
    "gopher://a.example/",
    "https://user:word@a.example/",
    "https://a.example/#part",
    "javascript:alert(1)",
    "//a.example/",
    `https://a.example/${"x".repeat(500)}`,
  ])
    assert.throws(
      () => parseTarget(text),
      (error) => isFailure(error, "WEBHOOK_ADDRESS"),
      text,
    );
});

test("P9: own networks open exactly themselves, and nothing else goes without TLS", () => {
  const own = new OwnNetworks(["10.1.0.0/16", "fd00:1::/32"]);
  const plain = parseTarget("http://a.example/");
  const tls = parseTarget("https://a.example/");
  for (const target of [plain, tls]) {
    assert.equal(mayConnect(own, target, "10.1.255.9"), true);
    assert.equal(mayConnect(own, target, "fd00:1::9"), true);
    assert.equal(mayConnect(own, target, "10.2.0.1"), false);
  }
  assert.equal(mayConnect(own, plain, "1.1.1.1"), false);
  assert.equal(mayConnect(own, tls, "1.1.1.1"), true);
  assert.throws(() => new OwnNetworks(["10.1.0.0/33"]), { code: "SETTING_INVALID" });
});

test("P9: whatever IPv4 it is, mapped into IPv6 it is refused", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
      assert.equal(isPublicAddress(`::ffff:${octets.join(".")}`), false);
      assert.equal(isPublicAddress(`::${octets.join(".")}`), false);
    }),
  );
});
