/** How files reach the server: two mutations around PUTs that go straight to the object store. */

import { apollo } from "../../../api/apollo";
import { refusalOf } from "../../../api/problems";
import { graphql } from "../../../gql";
import { BegunUploads } from "./begun";
import { type Carrier, Refused } from "./FileUpload";
import { rest, sendPart } from "./sendPart";
import { sha256Of } from "./sha256";

const ANNOUNCE = graphql(`
  mutation AnnounceUpload($input: CreateUploadInput!) {
    createUpload(input: $input) {
      ticket {
        uploadId
        parts { number url offset size }
        headers { name value }
      }
      userErrors { message code path }
    }
  }
`);
const COMPLETE = graphql(`
  mutation CompleteUpload($uploadId: ID!) {
    completeUpload(input: { uploadId: $uploadId }) {
      upload { id status sha256 }
      userErrors { message code path }
    }
  }
`);

export const carrier: Carrier = {
  hash: sha256Of,
  send: sendPart,
  rest,

  async announce({ filename, size, sha256, key }) {
    const input = { filename, size, sha256, idempotencyKey: key };
    // the ticket is for this upload alone; in the cache it would only be in the way
    const { data } = await apollo.mutate({
      mutation: ANNOUNCE,
      variables: { input },
      fetchPolicy: "no-cache",
    });
    const ticket = data?.createUpload.ticket;
    if (!ticket) throw new Refused(refusalOf(data?.createUpload) ?? "The upload was refused.");
    return ticket;
  },

  async complete(uploadId) {
    const { data } = await apollo.mutate({
      mutation: COMPLETE,
      variables: { uploadId },
      fetchPolicy: "no-cache",
    });
    const refusal = refusalOf(data?.completeUpload);
    if (refusal) throw new Refused(refusal);
  },
};

export const begunUploads = new BegunUploads(localStorage);
