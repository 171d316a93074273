// A drop as one list of files: every archive in it is opened, whatever lies beside it and however it is wrapped, and one
// that cannot be opened costs itself. Hosts say what they found; what follows is the same in all of them.
import { StudioError } from '../../../domain/errors.ts';
import type { ImportIssue } from '../../../domain/importing.ts';
import type { Listing, SourceFile } from '../../ports.ts';
import { issueFromError, issueOf } from '../importIssues.ts';
import { DEFAULT_LIMITS, type ImportLimits } from '../limits.ts';
import { isClutter, normalisePath } from '../paths.ts';
import { damaged, tooLarge } from './archiveErrors.ts';
import type { ByteSource, Member, Spool } from './byteSource.ts';
import { withoutCopies } from './copies.ts';
import { formatOf, HEAD_BYTES, isNamedArchive, mayBeArchive, withoutArchiveExtension } from './format.ts';
import { unpackTar } from './gzip.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';

export class Drop {
  private readonly spool: Spool;
  private readonly limits: ImportLimits;
  private readonly files: SourceFile[] = [];
  private readonly candidates: { readonly path: string; readonly source: ByteSource }[] = [];
  private readonly errors: { readonly path: string; readonly error: StudioError }[] = [];
  /** Paths of opened archives, by the folder that each stands for. */
  private readonly archives = new Map<string, string>();
  private readonly clutter = { count: 0, first: '' };

  constructor(spool: Spool, limits: ImportLimits = DEFAULT_LIMITS) {
    this.spool = spool;
    this.limits = limits;
  }

  /** A file; `path` begins with the dropped folder's own name. Names are compared in one Unicode form: NFC. */
  add(path: string, source: ByteSource): void {
    this.addFile(path, (name) => {
      if (!mayBeArchive(name)) return source.asFile(name);
      this.candidates.push({ path: name, source });
      return null;
    });
  }

  /** A file that is no archive; null for one that is not to be listed yet. */
  addFile(path: string, fileAt: (name: string) => SourceFile | null): void {
    const name = normalisePath(path).normalize('NFC');
    if (this.isClutter(name)) return;
    const file = fileAt(name);
    if (file !== null) this.files.push(file);
  }

  /** Whether a path, of a file or a folder, is nobody's data; counts it if so. What was dropped itself may be called as it likes. */
  isClutter(path: string): boolean {
    if (!isClutter(path.slice(path.indexOf('/') + 1))) return false;
    if (this.clutter.count++ === 0) this.clutter.first = path;
    return true;
  }

  /** Something that is there and cannot be listed. Throws what is not about data. */
  report(path: string, error: unknown): void {
    const issue = issueFromError(path, error);
    const known = error instanceof StudioError ? error : new StudioError(issue.code, issue.message, '', issue.context);
    this.errors.push({ path, error: known });
  }

  /** Opens what is to be opened. Throws the reason where nothing remains. */
  async list(): Promise<Listing> {
    for (const { path, source } of this.candidates) await this.open(path, source, 1);
    const [first, ...others] = this.errors;
    if (this.files.length === 0 && first !== undefined) {
      const { code, message, advice, context } = first.error;
      const more = others.length === 0 ? '' : ` ${others.length} more could not be read either.`;
      throw new StudioError(code, `${message}${more}`, advice, context, first.error);
    }
    const { files, findings } = await withoutCopies(this.files, this.archives);
    const found = this.errors.map(({ path, error }) => issueFromError(path, error));
    return { files, findings: [...found, ...findings, ...this.clutterIssue()] };
  }

  /** Lists a file, or the files of an archive. */
  private async open(path: string, source: ByteSource, depth: number, archive?: string): Promise<void> {
    try {
      const members = await this.membersOf(path, source, depth);
      if (members === null) this.files.push(source.asFile(path, archive));
      else await this.listMembers(path, members, depth);
    } catch (error) {
      this.report(path, damaged(path, error));
    }
  }

  /** Null for a file that is no archive. */
  private async membersOf(path: string, source: ByteSource, depth: number): Promise<readonly Member[] | null> {
    const format = formatOf(path, await source.read(0, Math.min(HEAD_BYTES, source.sizeBytes)));
    if (format === null) return null;
    if (depth > this.limits.maxArchiveDepth) {
      throw tooLarge(path, 'depth', `lies in ${depth - 1} archives; deeper ones are not opened.`, { depth });
    }
    const report = (error: StudioError): void => this.report(String(error.context.path), error);
    if (format === 'zip') return readZip(source, path, this.limits, report);
    const tar = format === 'tar' ? source : await unpackTar(source, path, this.spool, this.limits);
    return readTar(tar, path, this.limits, report);
  }

  private async listMembers(path: string, members: readonly Member[], depth: number): Promise<void> {
    const bare = withoutArchiveExtension(path);
    const root = this.archives.has(bare) ? path : bare;
    this.archives.set(root, path);
    for (const member of members) {
      const memberPath = `${root}/${member.name.normalize('NFC')}`;
      if (member.name === '' || this.isClutter(memberPath)) continue;
      if (!isNamedArchive(memberPath)) {
        this.files.push(member.asFile(memberPath, root));
        continue;
      }
      try {
        await this.open(memberPath, await member.source(this.spool), depth + 1, root);
      } catch (error) {
        this.report(memberPath, damaged(memberPath, error));
      }
    }
  }

  private clutterIssue(): readonly ImportIssue[] {
    const { count, first } = this.clutter;
    if (count === 0) return [];
    const message = `${count} files play no part: they are what file managers and archivers leave behind (first: ${first}).`;
    return [issueOf('data.unused-files', first, message, { reason: 'clutter', count })];
  }
}
