import { EFFECT, type Text } from "@seenas/core";
import type { ReactElement } from "react";
import type { ObservationView } from "../protocol.ts";
import { useSay } from "../words/say.tsx";

const SAYS: Text = { en: "says", zh: "内容" };
const PROVES: Text = { en: "proves", zh: "证明" };

/** What one line says, what that proves, and what it does here. */
export function ObservationNote({ observation }: { readonly observation: ObservationView }): ReactElement {
  const say = useSay();
  const { says, proves, strength, effect, because } = observation;
  return (
    <div className={`note-box effect-${effect}`}>
      <p>
        <span className="note-word">{say(SAYS)}</span> {say(says)}
      </p>
      <p>
        <span className="note-word">{say(PROVES)}</span> {say(proves)}
      </p>
      <p className="facts">
        {say(strength)}
        {effect !== "none" && <strong> · {say(EFFECT[effect])}</strong>}
        {because !== null && <> · {say(because)}</>}
      </p>
    </div>
  );
}
