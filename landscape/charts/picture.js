// Loaded into Kaleido's page after plotly.js, with window.houseFonts set before it.
// Same figure, same bytes: ids in the SVG come from Math.random, so it is seeded from the figure itself.
// The house font: put into every SVG, and PNGs are drawn from that SVG, so both look the same on any machine.
(() => {
  const faces = window.houseFonts.map(({ weight, url }) => new FontFace("Open Sans", `url(${url})`, { weight }))
  const loaded = Promise.all(faces.map((face) => face.load().then((f) => document.fonts.add(f))))
  const face = ({ weight, url }) =>
    `@font-face{font-family:"Open Sans";font-weight:${weight};src:url(${url}) format("woff2")}`
  // Letters are set where the font says, not where the machine's hinting would move them.
  const precise = "text{text-rendering:geometricPrecision}"
  const style = window.houseFonts.map(face).join("") + precise
  document.head.appendChild(document.createElement("style")).textContent = precise

  function seed(text) {
    let state = 2166136261
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16777619)
    Math.random = () => {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296
    }
  }

  async function raster(svg, { width, height, scale }) {
    const image = new Image()
    image.src = "data:image/svg+xml," + encodeURIComponent(svg)
    await image.decode()
    const canvas = document.createElement("canvas")
    canvas.width = width * scale
    canvas.height = height * scale
    const pen = canvas.getContext("2d")
    pen.fillStyle = "white"
    pen.fillRect(0, 0, canvas.width, canvas.height)
    pen.drawImage(image, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL("image/png").split(",")[1]
  }

  const draw = Plotly.toImage
  Plotly.toImage = async (figure, options) => {
    await loaded
    seed(JSON.stringify([figure.data, figure.layout]))
    const bare = await draw(figure, { ...options, format: "svg", scale: 1, imageDataOnly: true })
    const svg = bare.replace(/<svg [^>]*>/, (tag) => `${tag}<style>${style}</style>`)
    return options.format === "svg" ? svg : raster(svg, options)
  }
})()
