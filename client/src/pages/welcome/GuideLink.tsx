import { ButtonLink } from "../../ui/Button";

/** From wherever there is nothing yet to the first steps. */
export function GuideLink() {
  return <ButtonLink to="/welcome">Guide me</ButtonLink>;
}
