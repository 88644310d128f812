// Loaded into Kaleido's page after plotly.js, with window.houseFonts set before it: texts are measured in the house font.
(() => {
  const faces = window.houseFonts.map(({ weight, url }) => new FontFace("Open Sans", `url(${url})`, { weight }))
  const loaded = Promise.all(faces.map((face) => face.load().then((f) => document.fonts.add(f))))
  // Letters are set where the font says, not where the machine's hinting would move them.
  document.head.appendChild(document.createElement("style")).textContent = "text{text-rendering:geometricPrecision}"

  const draw = Plotly.toImage
  Plotly.toImage = async (figure, options) => {
    await loaded
    return draw(figure, { ...options, imageDataOnly: true })
  }
})()
