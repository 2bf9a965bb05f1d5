import type { Text } from "@seenas/core";
import { type KeyboardEvent, type ReactElement, useEffect, useId, useState } from "react";
import type { Backend } from "../backend.ts";
import type { SenderView } from "../protocol.ts";
import { useSay } from "../words/say.tsx";

const FROM: Text = { en: "From", zh: "发送方" };
const HINT: Text = { en: "VM, interface, address or group", zh: "虚拟机、网卡、地址或组" };
const KIND: Record<SenderView["kind"], Text> = {
  host: { en: "host", zh: "主机" },
  interface: { en: "interface", zh: "网卡" },
  group: { en: "group", zh: "组" },
};

/** A field with the estate's senders to choose from, as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ has it. */
export function SenderBox({
  backend,
  revision,
  value,
  onChange,
}: {
  readonly backend: Backend;
  readonly revision: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const say = useSay();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [options, setOptions] = useState<readonly SenderView[]>([]);
  const [active, setActive] = useState(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other files have other senders.
  useEffect(() => {
    if (!isOpen) return;
    let isStale = false;
    void backend.senders(typed ?? "").then((found) => {
      if (!isStale) setOptions(found);
    });
    return () => {
      isStale = true;
    };
  }, [backend, isOpen, typed, revision]);
  const close = (): void => {
    setOpen(false);
    setTyped(null);
    setActive(-1);
  };
  const choose = (name: string): void => {
    onChange(name);
    close();
  };
  const onKey = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      if (isOpen) setActive(Math.max(0, Math.min(options.length - 1, active + move)));
      else setOpen(true);
    } else if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      const chosen = options[active];
      if (isOpen && chosen !== undefined) {
        event.preventDefault();
        choose(chosen.name);
      } else close();
    }
  };
  return (
    <div className="field sender">
      <label htmlFor={id}>{say(FROM)}</label>
      <input
        id={id}
        role="combobox"
        aria-expanded={isOpen && options.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(active >= 0 && isOpen ? { "aria-activedescendant": `${id}-${active}` } : {})}
        autoComplete="off"
        spellCheck={false}
        placeholder={say(HINT)}
        value={value}
        onFocus={() => setOpen(true)}
        onBlur={close}
        onKeyDown={onKey}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setOpen(true);
          setActive(-1);
          onChange(event.currentTarget.value);
        }}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={say(FROM)}
        className="options"
        hidden={!isOpen || options.length === 0}
      >
        {options.map((option, index) => (
          // The field has the focus and the keys: an option is only pointed at.
          // biome-ignore lint/a11y/useFocusableInteractive: see above.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above.
          <div
            key={`${option.kind} ${option.name} ${option.detail}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className={index === active ? "active" : ""}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(option.name)}
          >
            <span className="option-name">{option.name}</span>
            <span className="option-detail">{option.detail}</span>
            <span className="option-kind">{say(KIND[option.kind])}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
