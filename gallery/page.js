// Draws each sample once per view (a host config at a width) with the renderer Teams clients are built on.
(() => {
  const { samples, views } = JSON.parse(document.getElementById("data").textContent);

  // what Teams reads in a card: bold, italic, lists, links; never headings, tables, pictures, code or HTML
  const markdown = window.markdownit("zero").enable(["emphasis", "list", "link", "escape", "entity", "newline"]);
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown.render(text);
    result.didProcess = true;
  };

  // the renderer puts an input's id into the page, where the same card stands once per view
  const withOwnIds = (part, prefix) => {
    if (Array.isArray(part)) return part.map((one) => withOwnIds(one, prefix));
    if (part === null || typeof part !== "object") return part;
    const copy = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, withOwnIds(value, prefix)]));
    if (String(part.type).startsWith("Input.")) copy.id = prefix + part.id;
    return copy;
  };

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const draw = (sample, view) => {
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(view.hostConfig);
    card.parse(withOwnIds(sample.card, `${sample.name}-${view.name}-`));
    const frame = element("div", { className: "card" }, card.render());
    frame.style.width = `${view.width}px`;
    const figure = element("figure", { className: view.theme }, frame, element("figcaption", {}, view.name));
    figure.dataset.sample = sample.name;
    figure.dataset.view = view.name;
    return figure;
  };

  for (const sample of samples) {
    const anchor = `card-${sample.name}`;
    document
      .getElementById("contents")
      .append(element("li", {}, element("a", { href: `#${anchor}` }, sample.name)));
    document.getElementById("cards").append(
      element(
        "section",
        { id: anchor },
        element("h2", {}, sample.name),
        element("p", {}, `On a lock screen: ${sample.summary}`),
        element("div", { className: "views" }, ...views.map((view) => draw(sample, view))),
      ),
    );
  }
  document.body.dataset.drawn = "yes";
})();
