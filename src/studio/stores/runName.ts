// Names that people can say to each other (`amber-otter-7`), made from the seed: the same seed and count, the same name.
import { RandomStream } from '../../domain/rng.ts';

const ADJECTIVES =
  'amber ample bold brave bright brisk calm clear clever copper coral cosmic crisp deep eager early fair fleet fond gentle glad golden grand green hazel keen kind late light lively lucid lunar mellow merry misty mossy noble novel pearl plain proud quick quiet rapid ready russet sage silver sly snowy solar steady sunny swift tidal tidy topaz true velvet vivid warm wild wise witty young'.split(
    ' ',
  );
const NOUNS =
  'acorn alder badger beacon birch bridge brook canyon cedar comet crane creek dune eagle ember falcon fern finch fjord forest fox gale garden glacier harbor hare hawk heron island juniper lagoon lantern lark lynx maple marten meadow meteor mill moon oak orchid otter owl pebble pine plover prairie quartz raven reef ridge river robin sparrow spruce summit thistle tide trail valley willow wren zephyr'.split(
    ' ',
  );

/** `adjective-noun-ordinal`; ASCII, in every language the same. */
export function runName(seed: number, ordinal: number): string {
  const stream = new RandomStream(seed, 'run-name', ordinal);
  const pick = (words: readonly string[]): string => words[stream.integer(words.length)] ?? 'run';
  return `${pick(ADJECTIVES)}-${pick(NOUNS)}-${ordinal}`;
}
