// GraphiQL in an element of the page. React, the editors and their styles are loaded with this module only.
import "graphiql/graphiql.css";
import "./graphiql.css";

import { useEditorContext } from "@graphiql/react";
import { GraphiQL, type GraphiQLProps } from "graphiql";
import type { GraphQLSchema } from "graphql";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";

import { type Operation, run } from "./fetcher";
import { memory } from "./storage";

export interface Texts {
  readonly query: string;
  /** JSON, as typed. */
  readonly variables: string;
}

export interface Options {
  readonly first: Texts;
  /** The texts in the editors have changed. */
  changed(texts: Texts): void;
  /** An operation has ended. */
  done(): void;
}

export interface Explorer {
  /** Null while the schema is unknown: operations run without completion and documentation. */
  show(schema: GraphQLSchema | null, theme: "light" | "dark"): void;
  /** Replaces the texts in the editors, which can be undone there. */
  open(texts: Texts): void;
  remove(): void;
}

export function mount(element: HTMLElement, { first, changed, done }: Options): Explorer {
  const root = createRoot(element);
  let open: Explorer["open"] = () => undefined;

  /** Connects the editors to the page. It renders nothing. */
  function Connection(): null {
    const { queryEditor, variableEditor, headerEditor, responseEditor } = useEditorContext({ nonNull: true });
    useEffect(() => {
      if (!queryEditor || !variableEditor) {
        return undefined;
      }
      const report = (): void => changed({ query: queryEditor.getValue(), variables: variableEditor.getValue() });
      open = (texts) => {
        queryEditor.setValue(texts.query);
        variableEditor.setValue(texts.variables);
        queryEditor.focus();
      };
      report();
      queryEditor.on("change", report);
      variableEditor.on("change", report);
      return () => {
        queryEditor.off("change", report);
        variableEditor.off("change", report);
      };
    }, [queryEditor, variableEditor]);
    useEffect(() => {
      const editors = [
        [queryEditor, "Operation"],
        [variableEditor, "Variables"],
        [headerEditor, "Headers"],
        [responseEditor, "Result"],
      ] as const;
      for (const [editor, label] of editors) {
        if (editor) {
          // Tab leaves the editor; `Ctrl-]` and `Ctrl-[` indent.
          editor.addKeyMap({ Tab: false, "Shift-Tab": false });
          editor.setOption("screenReaderLabel", label);
          // Scrolls by keyboard, as the text of a result that is longer than its box requires.
          const scroller = editor.getScrollerElement();
          scroller.tabIndex = 0;
          scroller.setAttribute("role", "group");
          scroller.setAttribute("aria-label", `${label}, scrolling`);
        }
      }
    }, [queryEditor, variableEditor, headerEditor, responseEditor]);
    return null;
  }

  const fixed: GraphiQLProps = {
    fetcher: (operation, options) =>
      run(operation as Operation, (options?.headers ?? {}) as Record<string, string>, done) as never,
    storage: memory,
    shouldPersistHeaders: false,
    // The tabs have buttons inside of tabs, which screen readers do not reach.
    disableTabs: true,
    showPersistHeadersSettings: false,
    defaultQuery: first.query,
    defaultEditorToolsVisibility: "variables",
    defaultTabs: [{ query: first.query, variables: first.variables }],
    toolbar: { additionalComponent: Connection },
  };
  return {
    show(schema, theme) {
      root.render(createElement(GraphiQL, { ...fixed, schema, forcedTheme: theme }, createElement(GraphiQL.Logo, null, "")));
    },
    open: (texts) => open(texts),
    remove: () => root.unmount(),
  };
}
