/**
 * Rules of the style test that look at one place in a file at a time, as rows: a pattern, the
 * reading of the file it is matched against, and the files it holds for.
 */

export interface LineRule {
  readonly id: string;
  readonly why: string;
  readonly files: RegExp;
  readonly except?: RegExp;
  /** `raw` is the file as it stands; the others are the readings of source-text.ts. */
  readonly reading: "raw" | "code" | "uncommented" | "texts";
  readonly pattern: RegExp;
}

const TYPESCRIPT = /\.ts$/;
const RING_0 = /^src\/(?:privacy|rules)\//;
const TEST = /\.test\.ts$/;
/** The rules themselves and their test have to name what they forbid. */
const THESE = /^scripts\/tidy/;
/** Pictures, fonts and archives, which have no lines. */
const BINARY = /\.(?:png|jpe?g|gif|ico|pdf|ttf|otf|woff2?|xlsx|zip|gz|bin|wasm)$/;

/** Hosts of package registries and their mirrors: an install must not depend on one of them. */
const REGISTRY_HOSTS =
  /(?:registry\.npmjs\.org|registry\.yarnpkg\.com|npmmirror\.com|npm\.taobao\.org|pypi\.org|proxy\.golang\.org)/;

export const LINE_RULES: readonly LineRule[] = [
  {
    id: "environment",
    why: "src/config.ts is the only reader of the environment",
    files: /^src\/.*\.ts$/,
    except: /^src\/config(?:\.test)?\.ts$/,
    reading: "code",
    pattern: /\bprocess\s*(?:\.\s*env\b|\[)/g,
  },
  {
    id: "pure",
    why: "privacy and rules get time and randomness as arguments",
    files: RING_0,
    except: TEST,
    reading: "code",
    pattern:
      /\bDate\.now\b|\bnew Date\(\s*\)|\bMath\.random\b|\bperformance\.|\bcrypto\.|\bprocess\.|\bfetch\(|\bset(?:Timeout|Interval|Immediate)\(|\bglobalThis\b/g,
  },
  {
    id: "sql",
    why: "src/store is the only room with SQL; src/sweep speaks to other people's databases",
    files: /^src\/.*\.ts$/,
    // The story makes such a database for the sweep in one file of its own, and a key store may lie
    // in a database of its own, which is none of the store's.
    except:
      /^src\/(?:store|sweep)\/|^src\/story\/old-system\.ts$|^src\/keystore\/postgres-medium\.ts$/,
    reading: "texts",
    pattern:
      /\bselect\s[^;]*?\sfrom\s+\w|\binsert\s+into\s|\bupdate\s+[\w".]+\s+set\s|\bdelete\s+from\s|\b(?:create|alter|drop)\s+(?:table|index|schema|database|role|view)\b|\btruncate\s+table\b|\bcopy\s+[\w".]+.*\s(?:from\s+stdin|to\s+stdout)\b/gi,
  },
  {
    id: "barrel",
    why: "only the four entry files of src/public re-export",
    files: TYPESCRIPT,
    except: /^src\/public\//,
    reading: "code",
    pattern: /\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\})(?:\s+as\s+\w+)?\s+from\b/g,
  },
  {
    id: "default-export",
    why: "a thing has one name everywhere",
    files: /\.(?:ts|js)$/,
    reading: "code",
    pattern: /\bexport\s+default\b/g,
  },
  {
    id: "any",
    why: "outside input is unknown until parsed",
    files: TYPESCRIPT,
    reading: "code",
    pattern: /[:<,|&(]\s*any\b(?!\s*[:(=])|\bas\s+any\b/g,
  },
  {
    id: "erasable",
    why: "Node strips types and runs the rest; these would need a compiler",
    files: TYPESCRIPT,
    reading: "code",
    pattern:
      /^\s*(?:export\s+)?(?:const\s+)?enum\s+\w|^\s*(?:export\s+)?(?:declare\s+)?namespace\s+\w/gm,
  },
  {
    id: "unfinished",
    why: "what is missing stands in the tracker or is done now",
    files: /\.(?:ts|js|sql|sh)$|^\.ci\//,
    except: THESE,
    reading: "raw",
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/g,
  },
  {
    id: "machine-path",
    why: "the tree works in any directory of any machine",
    files: /./,
    except: new RegExp(`${BINARY.source}|${THESE.source}`),
    reading: "raw",
    pattern: /(?<![\w.~/$}])\/(?:home\/[a-z]\w*|Users\/\w+|root\/\w+|work\/\w+)/g,
  },
  {
    id: "registry-host",
    why: "packages come from whatever registry the machine is set up for",
    files: /./,
    except: new RegExp(`${BINARY.source}|${THESE.source}`),
    reading: "raw",
    pattern: new RegExp(`${REGISTRY_HOSTS.source}|^\\s*"resolved":\\s*"https?:`, "gm"),
  },
  {
    id: "columns",
    why: "100 columns fit two files side by side",
    files: TYPESCRIPT,
    // Made of docs/openapi.json, an operation a line.
    except: /^src\/client\/operations\.ts$/,
    reading: "raw",
    // A line of one unbreakable thing (a vector, a link, a pattern) may be longer.
    pattern:
      /^(?!\s*(?:[\w"']+:\s*)?["'`][^\s"'`]*["'`][,;)]*$)(?!\s*\/.*\/[a-z]*[,;]$)(?!.*https?:).{101,}$/gmu,
  },
];
