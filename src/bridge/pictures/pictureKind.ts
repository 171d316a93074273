// Pictures that are pulled of a run, by kind: `picture.pull` carries every kind, and a kind is a name with two types. It lies
// here because both sides speak it: the studio asks with it (`usePicture`), the worker draws it (`session/pictures`).

export interface PictureFrame {
  /** The run's updates when it was drawn. */
  readonly step: number;
}

declare const types: unique symbol;

/** What `name` is asked with, and the frame that answers. The types exist for the compiler alone. */
export interface PictureKind<Ask, Frame extends PictureFrame> {
  readonly name: string;
  readonly [types]?: { readonly ask: Ask; readonly frame: Frame };
}

/** `Ask` is null for a kind that is not asked for anything in particular. Both types must survive structured cloning. */
export function pictureKind<Ask, Frame extends PictureFrame>(name: string): PictureKind<Ask, Frame> {
  return { name };
}
