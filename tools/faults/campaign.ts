// What a campaign of faults is: something that may go wrong, done to the studio again and again from a seed, and what came of it.

export interface Fault {
  /** What was done. */
  readonly what: string;
  /** Something that was stored before is gone, wrong or half there. */
  readonly isLost: boolean;
  /** The person was told, or there was nothing to tell. */
  readonly isTold: boolean;
  /** Work could go on, with the result that it would have had. */
  readonly isRecovered: boolean;
  /** For reading, where one of them is wrong. */
  readonly found: string;
}

export interface Places {
  /** The built command line. */
  readonly headless: string;
  /** The folder of the built page. */
  readonly page: string;
}

export interface Campaign {
  readonly name: string;
  /** Of a whole campaign. */
  readonly tries: number;
  run(seed: number, tries: number, places: Places): AsyncIterable<Fault>;
}
