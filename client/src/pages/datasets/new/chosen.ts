import { type Head, readHead } from "../reading/head";
import { begunUploads, carrier } from "../upload/carrier";
import { FileUpload } from "../upload/FileUpload";

/** Of what a file begins with: its head, or what is wrong with it. */
export type Look = { head: Head } | { problem: string };

/** A file that was picked: its SHA-256 is reckoned from now on, while its columns are looked at. */
export interface Chosen {
  file: File;
  upload: FileUpload;
  look: Promise<Look>;
}

export function choose(file: File, owner: string): Chosen {
  return { file, upload: new FileUpload(file, owner, carrier, begunUploads), look: lookAt(file) };
}

export async function lookAt(file: File, delimiter: string | null = null): Promise<Look> {
  try {
    return { head: await readHead(file, delimiter) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
