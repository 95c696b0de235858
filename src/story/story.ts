/** One run of the story: a fresh world in its own folder, the telling, and the files it leaves. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Fonts } from "../label/font.ts";
import { parseSeed } from "../rules/draw.ts";
import { Failure } from "../rules/failure.ts";
import { OUTLETS, CARRIERS, POSTAL, PROCURATORATE } from "./cast.ts";
import type { StoryFacts } from "./facts.ts";
import { foundAuthorityOf, foundCarriers, TENANTS } from "./founding.ts";
import { OrderMaker } from "./invent.ts";
import { storyPage } from "./page.ts";
import { RecordBook } from "./record-book.ts";
import { grantScopes } from "./showing.ts";
import type { Sizes, Stage, Tell } from "./stage.ts";
import { tellStory } from "./telling.ts";
import { StoryClock } from "./timeline.ts";
import type { World, WorldRequest } from "./world.ts";

export interface StoryRequest {
  /** The folder under which `story-1`, `story-2` … are made. */
  readonly out: string;
  /**
   * Makes the orders, and is printed with the draws. Draws run over ids of organisations too, which
   * are new in every world, so two stories of one seed differ as two cities would.
   */
  readonly seed: string;
  /** Waybills of before, over all outlets. */
  readonly waybills: number;
  /** The last day of the story is the day of this instant. */
  readonly end: Date;
  readonly fonts: Fonts;
  readonly openWorld: (request: WorldRequest) => Promise<World>;
  readonly tell: Tell;
}

export interface ToldStory {
  readonly dir: string;
  readonly facts: StoryFacts;
}

const ALL_OUTLETS = CARRIERS.length * OUTLETS.length;
const WAYBILLS_MIN = ALL_OUTLETS * 20;
const WAYBILLS_MAX = 360_000;
const RUNS_MAX = 1_000;
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

function sizesOf(waybills: number): Sizes {
  const perOutlet = Math.floor(waybills / ALL_OUTLETS);
  return {
    perOutlet,
    dyingPerOutlet: Math.max(1, Math.floor(perOutlet / 20)),
    nextPerOutlet: perOutlet,
    outletsPerCarrier: (OUTLETS.length * 3) / 4,
    parcelsPerOutlet: Math.min(20, Math.floor(perOutlet / 2)),
    oldRows: Math.floor(waybills / 3),
  };
}

/** What is there already and is no folder, or may not be written, is a wrong `--out`. */
const WRONG_PLACE: ReadonlySet<unknown> = new Set([
  "EEXIST",
  "ENOTDIR",
  "EACCES",
  "EPERM",
  "EROFS",
  "ENAMETOOLONG",
  "ELOOP",
]);

async function makeOut(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true, mode: FOLDER_MODE });
  } catch (error) {
    const isWrong = error instanceof Error && "code" in error && WRONG_PLACE.has(error.code);
    throw isWrong ? new Failure("USAGE", { option: "--out" }) : error;
  }
}

/** The first of `story-1`, `story-2` … that is not there yet, made. */
async function newFolder(out: string): Promise<string> {
  await makeOut(out);
  for (let serial = 1; serial <= RUNS_MAX; serial += 1) {
    const dir = path.join(out, `story-${serial}`);
    try {
      await mkdir(dir, { mode: FOLDER_MODE });
      return dir;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : null;
      if (code === "EEXIST") continue;
      throw WRONG_PLACE.has(code) ? new Failure("USAGE", { option: "--out" }) : error;
    }
  }
  throw new Failure("USAGE", { option: "--out" });
}

/** What is wrong with a request, before anything is made. */
function checked({ seed, waybills }: StoryRequest): { seed: string; sizes: Sizes } {
  const parsed = parseSeed(seed);
  if (parsed === null) throw new Failure("USAGE", { option: "--seed" });
  const isFitting = Number.isSafeInteger(waybills) && waybills >= WAYBILLS_MIN;
  if (!isFitting || waybills > WAYBILLS_MAX) {
    throw new Failure("USAGE", { option: "--waybills", min: WAYBILLS_MIN, max: WAYBILLS_MAX });
  }
  return { seed: parsed, sizes: sizesOf(waybills) };
}

async function stageOf(
  request: StoryRequest,
  made: Pick<Stage, "dir" | "world" | "clock" | "seed" | "sizes">,
): Promise<Stage> {
  const { vaults } = made.world;
  const [first] = vaults;
  if (first === undefined) throw new RangeError("a world has vaults");
  const maker = new OrderMaker(made.seed, first.gazetteer);
  return {
    ...made,
    fonts: request.fonts,
    maker,
    carriers: await foundCarriers(vaults, { maker, sizes: made.sizes }),
    postal: await foundAuthorityOf(vaults, POSTAL),
    procuratorate: await foundAuthorityOf(vaults, PROCURATORATE),
    records: new RecordBook(first.database),
    tell: request.tell,
  };
}

/**
 * Runs the story for real in a new folder and writes story.html, facts.json, letter.pdf and .docx,
 * the certificates and the paper there. Database and keys stay in the folder, so every number can
 * be looked up afterwards with the other commands (`MIDAN_HOME`). Fails with USAGE for a seed or
 * size out of bounds, and as the rooms do.
 */
export async function runStory(request: StoryRequest): Promise<ToldStory> {
  const began = performance.now();
  const { seed, sizes } = checked(request);
  const dir = await newFolder(request.out);
  const clock = new StoryClock(request.end);
  const { tell } = request;
  tell(`故事在 ${dir} 中从头开始`, `The story begins afresh in ${dir}`);
  await using world = await request.openWorld({ home: dir, tenants: TENANTS, now: clock.now });
  const stage = await stageOf(request, { dir, world, clock, seed, sizes });
  await grantScopes(stage);
  const facts = await tellStory(stage, began);
  const text = `${JSON.stringify(facts, null, 2)}\n`;
  await writeFile(path.join(dir, "facts.json"), text, { mode: FILE_MODE });
  await writeFile(path.join(dir, "story.html"), storyPage(facts), { mode: FILE_MODE });
  return { dir, facts };
}
