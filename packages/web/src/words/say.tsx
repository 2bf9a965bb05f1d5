import type { Language, Text } from "@seenas/core";
import { createContext, useContext } from "react";

export const LanguageContext = createContext<Language>("en");

export type Say = (text: Text) => string;

export const useLanguage = (): Language => useContext(LanguageContext);

/** The words of a text in the language of the page. */
export function useSay(): Say {
  const language = useLanguage();
  return (text) => text[language];
}
